import { Connection } from '@temporalio/client';
import { searchAttributeNames } from '../../src/temporal/searchAttributes';
import { problems } from '../problems';
import { whyNot } from './reach';

/** IndexedValueType of the server's API. */
const KEYWORD = 2;

/** Makes a server that somebody else runs ready for us: checks that it answers and registers the search attributes. @throws Problem */
export async function prepareGivenTemporal(address: string, namespace = 'default'): Promise<void> {
  const why = await whyNot(address, namespace);
  if (why !== null) throw problems.addressUnreachable('TEMPORAL_ADDRESS', address, why);

  const connection = await Connection.connect({ address });
  try {
    const { customAttributes } = await connection.operatorService.listSearchAttributes({ namespace });
    const missing = searchAttributeNames.filter((name) => !(name in customAttributes));
    if (missing.length === 0) return;
    const searchAttributes = Object.fromEntries(missing.map((name) => [name, KEYWORD] as const));
    await connection.operatorService.addSearchAttributes({ namespace, searchAttributes });
  } finally {
    await connection.close();
  }
}
