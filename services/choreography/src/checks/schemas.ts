import type { Check, Finding } from './finding.ts';
import { schemaFile } from './speaking.ts';

/** A schema says what its event means, which field is its key, and whose it is. */
export const incompleteSchemas: Check = (map) =>
  map.events.flatMap(({ name, owner, doc, key, fields, topic }): Finding[] => {
    const file = schemaFile(owner, name);
    const faults = [
      ...(doc.trim() === '' ? [`has no "doc". Say what ${name} means, and when it is emitted`] : []),
      ...(fields.some((field) => field.name === key)
        ? []
        : [`names no field as its "key". Name the field that holds the id of the saga`]),
      ...(map.services.some((service) => service.name === owner && service.topic === topic)
        ? []
        : [
            `lies in the folder of "${owner}", which is no service. Move it to the folder of the service that emits it`,
          ]),
    ];
    return faults.map((fault): Finding => ({ code: 'SCHEMA_INCOMPLETE', place: name, text: `${file} ${fault}.` }));
  });
