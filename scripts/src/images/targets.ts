import { type ServiceName, serviceNames } from '@troupe/services';

/** An image that `infra/images/Dockerfile` makes. */
export interface Target {
  readonly name: string;
  /** Options of `docker build` that choose it. */
  readonly options: readonly string[];
}

const serviceTarget = (name: ServiceName): Target => ({
  name,
  options: ['--target', 'service', '--build-arg', `SERVICE=${name}`],
});

const otherTarget = (name: string): Target => ({ name, options: ['--target', name] });

/** Every image: those of the services, and of what is around them. */
export const targets: readonly Target[] = [
  ...['setup', 'sandbox', 'console'].map(otherTarget),
  ...serviceNames.map(serviceTarget),
];

/** `troupe/order:dev`; the tag is TROUPE_TAG. */
export function imageName(target: string, env: NodeJS.ProcessEnv = process.env): string {
  return `troupe/${target}:${env.TROUPE_TAG || 'dev'}`;
}
