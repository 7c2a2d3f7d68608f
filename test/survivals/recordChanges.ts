import { type ConnectedPerson, expectConnected } from '../crash/verdict';
import { eventually } from '../engine/eventually';
import { allReadings, repeated } from '../engine/judge';
import type { RecordsWorld } from './recordsWorld';
import { expectAsLedger, polledAgain } from './somebody';
import { keptRecords, readAgain, shownEvents, standingEvents } from './writtenDown';

/** Of records that come again, otherwise or not at all. */
export function recordChanges(world: () => RecordsWorld): void {
  test.concurrent('survival 13: what phone and receiver both report is one reading with both origins, told once and never flapping', async () => {
    const { engine, somebody, told } = world();
    const twins = await somebody('twins', 2);
    const samples = await expectAsLedger(engine, twins);
    expect(samples.filter(({ also_reported }) => also_reported.length === 1).length).toBeGreaterThan(280);
    for (const { device, also_reported } of samples.filter((sample) => sample.also_reported.length > 0))
      expect([device.display_device, also_reported.map(({ display_device }) => display_device)]).toEqual(['iOS', ['receiver']]);

    await polledAgain(engine, twins, 4);
    const later = new Map((await allReadings(engine, twins.userId)).map((sample) => [sample.record_id, sample]));
    for (const sample of samples) expect(later.get(sample.record_id)?.value_mg_per_dl).toBe(sample.value_mg_per_dl);
    expect(repeated(told('created', twins).map(({ record_id }) => record_id))).toEqual([]);
    expect(told('updated', twins)).toEqual([]);
  });

  test.concurrent('survival 14: changed content of a record is one `updated`, identical content is nothing at all', async () => {
    const { engine, somebody, told, gaps, measure } = world();
    const revised = await somebody('revised');
    const { recordId, key } = await measure(revised, gaps(revised)[0], 111);
    await eventually(() => expect(told('created', revised).map(({ record_id }) => record_id)).toContain(recordId));
    await engine.simulator.control.reviseReading('revised', key, 222);
    await eventually(() => expect(told('updated', revised).map(({ value_mg_per_dl }) => value_mg_per_dl)).toEqual([222]));
    await polledAgain(engine, revised, 4);
    expect(told('updated', revised).map(({ record_id }) => record_id)).toEqual([recordId]);
    expect(repeated(told('created', revised).map(({ record_id }) => record_id))).toEqual([]);
    await expectAsLedger(engine, revised);
  });

  test.concurrent('survival 15: an event that is updated or deleted is changed or gone, under its id or a new one, and a tombstone is kept', async () => {
    const { engine, somebody } = world();
    const [editor, rewriter] = [await somebody('editor', 0), await somebody('rewriter', 0)];
    const expectAsTold = (writer: ConnectedPerson) =>
      eventually(async () => expect(await shownEvents(engine, writer)).toEqual(await standingEvents(engine, writer)));
    await Promise.all([editor, rewriter].map(expectAsTold));
    const written = await keptRecords(engine, editor);
    expect(written.length).toBeGreaterThan(50);

    await engine.simulator.control.changePerson('editor', { eventEdits: 'sameId' });
    await engine.simulator.control.changePerson('rewriter', { eventEdits: 'newId' });
    await Promise.all([editor, rewriter].map((writer) => readAgain(engine, writer)));
    await Promise.all([editor, rewriter].map(expectAsTold));
    const changed = await keptRecords(engine, editor);
    expect(changed.length).toBe(written.length);
    expect(changed.filter(({ deleted }) => deleted).length).toBeGreaterThan(2);
    expect(changed.filter(({ deleted, version }) => version === 2 && !deleted).length).toBeGreaterThan(2);
    expect((await keptRecords(engine, rewriter)).filter(({ deleted }) => deleted).length).toBeGreaterThan(2);

    // What is the same is not written again.
    await readAgain(engine, editor);
    expect(await keptRecords(engine, editor)).toEqual(changed);
  });

  test.concurrent('survival 15: events that cannot be had are no reading late, and are tried again', async () => {
    const { engine, somebody, told } = world();
    const eventless = await somebody('eventless', 0);
    const { id: faultId } = await engine.simulator.control.addFault({
      kind: 'status',
      status: 503,
      endpoints: ['events'],
      personId: 'eventless',
      times: null,
    });
    const before = told('created', eventless).length;
    await readAgain(engine, eventless, { type: 'DexcomUnavailable', at: expect.any(Number) });
    await eventually(() => expect(told('created', eventless).length).toBeGreaterThan(before));
    await expectConnected(engine, eventless);
    await engine.simulator.control.clearFault(faultId);
    await readAgain(engine, eventless);
    await eventually(async () => expect(await shownEvents(engine, eventless)).toEqual(await standingEvents(engine, eventless)));
  });
}
