import { Connection } from '@temporalio/client';
import { reasonOf } from '../errno';

/** @returns what is wrong with the server at `address`, or null if it is there and the namespace in use */
export async function whyNot(address: string, namespace = 'default'): Promise<string | null> {
  let connection: Connection | undefined;
  try {
    connection = await Connection.connect({ address, connectTimeout: '2 seconds' });
    const { workflowService } = connection;
    await connection.withDeadline(Date.now() + 3_000, () => workflowService.describeNamespace({ namespace }));
    return null;
  } catch (error) {
    return reasonOf(error);
  } finally {
    await connection?.close();
  }
}
