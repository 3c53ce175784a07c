import type { Resolver, Type } from 'avsc';

/**
 * From what was written to what is read; undefined when they are the same. The codec reads by it, and the check of schemas
 * decides by it. Registries compare the names of nested types without their namespaces, and so do we.
 *
 * @throws Error when the reader cannot read what the writer writes.
 */
export function resolverOf(reader: Type, writer: Type): Resolver | undefined {
  return reader.equals(writer) ? undefined : reader.createResolver(writer, { ignoreNamespaces: true });
}
