import { choosePort } from '../home/ports';
import { listenForEvents, type ReceivedEvent, type Receiver } from '../receiver/receiver';
import type { Stage } from './stage';

/** The app's side of the demonstration: a webhook endpoint in this very process. */
export async function startReceiver({ home, options, stack, progress }: Stage, onEvent: (event: ReceivedEvent) => void): Promise<Receiver> {
  const { memory } = home;
  const port = await choosePort('receiver', options.receiverPort, memory, '--receiver-port');
  const secret = (): string | null => memory.now.webhook?.secret ?? null;
  const receiver = await listenForEvents(port, secret, { onEvent, onRefused: (why) => progress.note(`A webhook was refused: ${why}`) });
  stack.add('webhook receiver', () => receiver.close());
  return receiver;
}
