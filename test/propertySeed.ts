import fc from 'fast-check';

/** Property tests draw the same values in every run, so that a red build is a change's fault; `PROPERTY_SEED=<number>` draws others. */
const seed = Number(process.env.PROPERTY_SEED ?? 20_261_122);
fc.configureGlobal({ seed });
