import type { StoryView } from '../../../src/contract/work.ts';
import { Trail } from '../parts/index.ts';

/** What can be ordered, with the trail that it will draw. */
export function Stories(props: {
  readonly stories: readonly StoryView[];
  readonly chosen: string;
  readonly onChoose: (id: string) => void;
}) {
  return (
    <fieldset className="stories">
      <legend className="vh">Story</legend>
      {props.stories.map(({ id, title, text, there, back }) => (
        <label key={id} className="story">
          <input
            type="radio"
            name="story"
            value={id}
            checked={id === props.chosen}
            onChange={() => props.onChoose(id)}
          />
          <b>{title}</b>
          <Trail there={there} back={back} />
          <span>{text}</span>
        </label>
      ))}
    </fieldset>
  );
}
