import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { WEBHOOKS } from '../../src/api/routes/webhook/schemas';
import { catalogue } from '../../src/webhooks/catalogue';
import { SLOW_MS } from '../../src/webhooks/dispatchTo';
import { READINGS_PER_MESSAGE } from '../../src/webhooks/glucoseNews';
import { POST_TIMEOUT_MS } from '../../src/webhooks/sender';
import { MOST_BODY_BYTES } from '../../src/webhooks/withinLimit';
import { backlogPolicy } from '../../src/workflows/backlogPolicy';
import { codes, tableRows } from './table';

const Daily = z.looseObject({ data: z.looseObject({ data: z.array(z.unknown()) }) });

const PAGE = 'docs/webhooks.md';

describe('docs/webhooks.md', () => {
  const text = readFileSync(PAGE, 'utf8');

  test('lists every event that there is', () => {
    expect(tableRows(PAGE, 'event').map(([event = '']) => codes(event)[0])).toEqual(catalogue.map(({ type }) => type));
  });

  test('shows the path at which endpoints are registered', () => {
    const [path = ''] = /\/v1\/org\/\S+webhook(?= )/.exec(text) ?? [];
    expect(path).toBe(WEBHOOKS.replace('{org_id}', '$ORG_ID').replace('{team_id}', '$TEAM_ID').replace('{environment}', 'production'));
  });

  test('tells when a failing endpoint is warned of, and how fast its backlog comes', () => {
    expect(text).toContain(backlogPolicy.warnAtPercent.join(', ').replace(/, (\d+)$/, ' and $1'));
    expect(text).toContain(`at most ${backlogPolicy.postsPerSecond} posts a second`);
  });

  test('tells how much a message holds and how long an endpoint may take', () => {
    expect(text).toContain(`at most ${READINGS_PER_MESSAGE} readings`);
    expect(text).toContain(`within ${POST_TIMEOUT_MS / 1000} s`);
    expect(text).toContain(`later than ${SLOW_MS / 1000} s`);
  });
});

describe('docs/events.md', () => {
  const text = readFileSync('docs/events.md', 'utf8');

  test('tells how long a body may be, and that ordinary ones are far below it', () => {
    expect(text).toContain(`${MOST_BODY_BYTES / 1024} kB`);
    const daily = Daily.parse(catalogue.find(({ type }) => type === 'daily.data.glucose.created')?.example);
    const full = { ...daily, data: { ...daily.data, data: Array(READINGS_PER_MESSAGE).fill(daily.data.data[0]) } };
    expect(JSON.stringify(full).length).toBeLessThan(20_000);
  });
});
