import { drawBy } from './draw';
import { EndpointFleet } from './endpoints/endpointFleet';
import { drawScripts } from './endpoints/script';
import { deliveries } from './judge/deliveries/deliveries';
import { pullFeed } from './judge/deliveries/pullFeed';
import { readings } from './judge/readings';
import { type Plan, usualPlan } from './plan';
import { allWorkers } from './strikes/kills/allWorkers';
import { database } from './strikes/kills/database';
import { frozenWorker } from './strikes/kills/frozenWorker';
import { temporal } from './strikes/kills/temporal';
import { worker } from './strikes/kills/worker';
import { correction } from './strikes/people/correction';
import { lateUpload } from './strikes/people/lateUpload';

const MINUTE_MS = 60_000;

/** Sixteen healthy people and the endpoints of `endpoints/scripts.json`: deliveries are struck, not syncs. */
export function webhookPlan(wish: { seed: string; hours: number; interval: string }): Plan {
  const usual = usualPlan(wish);
  const fleet = new EndpointFleet(drawScripts(drawBy(`${wish.seed}, endpoints`), usual.lengthMs));
  return {
    ...usual,
    mostHistoryDays: 1,
    scenarios: [],
    plainPeople: 16,
    endpoints: [(engine) => fleet.open(engine)],
    strikes: [worker, allWorkers, frozenWorker, { ...database, weight: 3 }, { ...temporal, weight: 3 }, correction, lateUpload],
    pauseSeconds: [10, 40],
    // The ladder of a message that two strikes have made its endpoint refuse.
    settleWithinMs: 50 * MINUTE_MS,
    // Deliveries first: they wait longest, and readings have come with them.
    judges: [deliveries(fleet), pullFeed(fleet), readings],
  };
}
