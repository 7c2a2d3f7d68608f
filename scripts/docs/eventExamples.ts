import { catalogue } from '../../src/webhooks/catalogue';
import { thinBody } from '../../src/webhooks/thinBody';
import { compactJson } from './compactJson';

const WIDTH = 140;
const SHOWN_THIN = 'daily.data.glucose.created';

/** Every event with its whole body: what `POST …/webhook/{webhook_id}/test` sends, but for the mark of a test. */
export const eventExamples = (): string =>
  catalogue
    .map(({ type, summary, description, example }) => `### \`${type}\`\n\n${summary}. ${description}\n\n${fenced(example)}`)
    .join('\n\n');

/** One of them as an endpoint gets it that wants no data. */
export function thinExample(): string {
  const example = catalogue.find(({ type }) => type === SHOWN_THIN)?.example;
  const body = thinBody({ _id: 'msg_9b2c5f0e7a1d4c3b8e6f', body: JSON.stringify(example) }, 'https://api.example.com');
  return fenced(JSON.parse(body));
}

const fenced = (value: unknown): string => `\`\`\`json\n${compactJson(value, WIDTH)}\n\`\`\``;
