import type { JsonBytes } from './jsonBytes';
import { PackedReading } from './packedReading';
import type { Reading } from './reading';
import { isMeasured } from './sample';
import { SampleWriter } from './sampleWriter';

const [BEGIN_LIST, END_LIST] = [0x5b, 0x5d];

/**
 * Writes `JSON.stringify` of the samples of `readings`, those without a value left out, in a fraction of the time: a page is thousands of
 * samples that differ in a few numbers, so what repeats is made once and copied, and the rest goes from a day's columns to bytes. The same as
 * `toSample` gives, byte by byte (test/glucose/writeSamples.test.ts).
 */
export function writeSamples(out: JsonBytes, readings: readonly Reading[]): void {
  out.byte(BEGIN_LIST);
  listSamples(out, readings);
  out.byte(END_LIST);
}

/** The same without brackets: part of a longer list. */
export function listSamples(out: JsonBytes, readings: readonly Reading[]): void {
  const writer = new SampleWriter(out);
  for (const reading of readings) {
    if (reading instanceof PackedReading && writer.writePacked(reading)) continue;
    if (isMeasured(reading)) writer.write(reading);
  }
  writer.end();
}
