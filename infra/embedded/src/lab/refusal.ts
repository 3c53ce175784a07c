/** What cannot be done in the lab, in a sentence for people. */
export class LabRefusal extends Error {
  override readonly name = 'LabRefusal';
}
