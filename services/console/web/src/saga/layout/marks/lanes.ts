import type { LaneBox } from '../scene/scene.ts';
import { AXIS, FOLDED, LANE } from '../scene/sizes.ts';

/** Lanes from top to bottom. A service that says something without being in the list gets the last one. */
export function placeLanes(services: readonly string[], folded: readonly string[]): readonly LaneBox[] {
  let top = AXIS;
  return services.map((service) => {
    const thin = folded.includes(service);
    const height = thin ? FOLDED : LANE;
    const lane = { service, top, height, y: top + height / 2, folded: thin };
    top += height;
    return lane;
  });
}
