import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseClarity } from '../../simulator/clarity/parseClarity';

const HEADER =
  'Index,Timestamp (YYYY-MM-DDThh:mm:ss),Event Type,Event Subtype,Patient Info,Device Info,Source Device ID,Glucose Value (mg/dL),Insulin Value (u),Carb Value (grams),Duration (hh:mm:ss),Glucose Rate of Change (mg/dL/min),Transmitter Time (Long Integer),Transmitter ID';
const egv = (time: string, value: string, rate = '', ticks = '', transmitter = ''): string =>
  `1,${time},EGV,,,,iPhone G6,${value},,,,${rate},${ticks},${transmitter}`;
const at = (time: string): number => Date.parse(`${time}Z`);
const parse = (lines: readonly string[], zone = 'UTC') => parseClarity(lines.join('\n'), zone);
const values = (lines: readonly string[]): number[] => parse(lines).recording.rows.map(({ mgPerDl }) => mgPerDl);

describe('a Clarity export', () => {
  test('as a real one is: every reading, every time, every gap, nothing else', () => {
    const text = readFileSync(join(__dirname, '../fixtures/clarity-g6-part.csv'), 'utf8');
    const expected = text.split('\n').flatMap((line) => {
      const [, time, kind, , , , , value] = line.split(',');
      return kind === 'EGV' ? [[at(time ?? ''), Number(value)]] : [];
    });
    const { recording, unreadable } = parseClarity(text, 'UTC');
    expect(unreadable).toEqual([]);
    expect(recording.rows.map(({ recordedAt, mgPerDl }) => [recordedAt, mgPerDl])).toEqual(expected);
    expect(expected).toHaveLength(498);
  });

  test('says Low and High for what is outside the range', () => {
    expect(
      values([HEADER, egv('2026-01-01T00:00:00', 'Low'), egv('2026-01-01T00:05:00', 'High'), egv('2026-01-01T00:10:00', 'low')]),
    ).toEqual([39, 401, 39]);
  });

  test.each([
    ['a byte-order mark', [`\uFEFF${HEADER}`]],
    [
      'every header quoted',
      [
        HEADER.split(',')
          .map((name) => `"${name}"`)
          .join(','),
      ],
    ],
    ['the header quoted as one', [`"${HEADER}"`]],
    ['a quote too many in the header', [HEADER.replace('Event Type', '"Event Type')]],
    ['spaces around the names', [HEADER.replaceAll(',', ' , ')]],
    ['lines before the header', ['Clarity export', '', HEADER]],
  ])('is read with %s', (_, header) => {
    expect(values([...header, egv('2026-01-01T00:00:00', '100')])).toEqual([100]);
  });

  test.each([';', '\t'])('is read with %j between its cells, and decimal commas', (delimiter) => {
    const lines = [HEADER, egv('2026-01-01T00:00:00', '100', '"1,5"')].map((line) => line.replaceAll(/,(?![\d"]*5")/g, delimiter));
    expect(parse(lines).recording.rows).toMatchObject([{ mgPerDl: 100, trendRate: 1.5 }]);
  });

  test('is read with Windows line ends, blank lines and rows of any length', () => {
    const lines = [
      HEADER,
      '1,,FirstName,,Joe',
      '',
      egv('2026-01-01T00:00:00', '100'),
      '2,,Alert,High',
      '3,2026-01-01T00:05:00,EGV,,,,iPhone G6,101',
      ',,,,,,,,,,,,,,,,,,,',
    ];
    expect(parseClarity(lines.join('\r\n'), 'UTC').recording.rows.map(({ mgPerDl }) => mgPerDl)).toEqual([100, 101]);
  });

  test('in mmol/L becomes mg/dL', () => {
    const lines = [HEADER.replace('Value (mg/dL)', 'Value (mmol/L)'), egv('2026-01-01T00:00:00', '5.5')];
    expect(values(lines)).toEqual([99]);
  });

  test('gives rate, transmitter and its clock where it has them, and does without', () => {
    const full = parse([HEADER, egv('2026-01-01T00:00:00', '100', '-2.1', '5000', '8ABCDE')]).recording.rows[0];
    expect(full).toMatchObject({ trendRate: -2.1, transmitterTicks: 5_000, transmitterId: expect.stringMatching(/^[0-9a-f]{64}$/) });
    const short = HEADER.split(',').slice(0, 11).join(',');
    const bare = parse([short, '1,2026-01-01T00:00:00,EGV,,,,x,100,,,', '2,2026-01-01T00:05:00,EGV,,,,x,101,,,']).recording.rows;
    expect(bare).toMatchObject([
      { trendRate: null, transmitterTicks: 0 },
      { trendRate: null, transmitterTicks: 300 },
    ]);
  });

  test('names each line it cannot read, and reads the rest', () => {
    const { recording, unreadable } = parse([
      HEADER,
      egv('2026-01-01T00:00:00', '100'),
      egv('01/02/2026 10:00', '101'),
      egv('2026-01-01T00:10:00', 'soon'),
      egv('2026-01-01T00:15:00', '12'),
      egv('2026-01-01T00:20:00', '104', 'steep'),
      '9,2026-01-01T00:25:00,EGV,,,,iPhone "G6,105,,,,,,',
      egv('2026-01-01T00:30:00', '106'),
    ]);
    expect(recording.rows.map(({ mgPerDl }) => mgPerDl)).toEqual([100, 105, 106]);
    expect(unreadable.map(({ line }) => line)).toEqual([3, 4, 5, 6]);
    expect(unreadable.map(({ reason }) => reason).join('\n')).toMatch(/01\/02\/2026.*soon.*12.*steep/s);
  });

  test.each([
    ['', /Not a Clarity export/],
    ['time,glucose\n1,2', /Not a Clarity export/],
    [HEADER, /No reading/],
    [`${HEADER}\n${egv('never', '100')}`, /No reading.*line 2.*never/s],
  ])('that is none is refused in words: %j', (text, message) => {
    expect(() => parseClarity(text, 'UTC')).toThrow(message);
  });

  test('is told in the order of its times, whatever the order of its lines', () => {
    expect(values([HEADER, egv('2026-01-01T00:05:00', '101'), egv('2026-01-01T00:00:00', '100')])).toEqual([100, 101]);
  });

  test('of another zone is read by that zone’s clock, the repeated hour of autumn in both its passes', () => {
    const night = ['02:30:00', '02:55:00', '02:00:00', '02:30:00', '03:05:00'].map((time, n) => egv(`2026-10-25T${time}`, String(100 + n)));
    const { recording } = parse([HEADER, ...night], 'Europe/Berlin');
    expect(recording.rows.map(({ recordedAt }) => new Date(recordedAt).toISOString().slice(11, 16))).toEqual([
      '00:30',
      '00:55',
      '01:00',
      '01:30',
      '02:05',
    ]);
    const summer = parse([HEADER, egv('2026-07-01T12:00:00', '100')], 'America/New_York');
    expect(summer.recording.rows[0]?.recordedAt).toBe(at('2026-07-01T16:00:00'));
  });
});
