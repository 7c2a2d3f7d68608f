import type { IndexDescription } from 'mongodb';

/** A collection's indexes, kept beside it. Each is named, so that a changed one is noticed instead of doubled. */
export interface CollectionIndexes {
  readonly collection: string;
  readonly indexes: readonly (IndexDescription & { readonly name: string })[];
}
