import { garbage } from './dexcom/garbage';
import { invalidClient } from './dexcom/invalidClient';
import { otherManners } from './dexcom/otherManners';
import { quotaStorm } from './dexcom/quotaStorm';
import { resets } from './dexcom/resets';
import { serverErrors } from './dexcom/serverErrors';
import { stalls } from './dexcom/stalls';
import { tokenOutage } from './dexcom/tokenOutage';
import { tooMany } from './dexcom/tooMany';
import { unauthorised } from './dexcom/unauthorised';
import { allWorkers } from './kills/allWorkers';
import { api } from './kills/api';
import { database } from './kills/database';
import { frozenWorker } from './kills/frozenWorker';
import { temporal } from './kills/temporal';
import { worker } from './kills/worker';
import { consentAnew } from './people/consentAnew';
import { correction } from './people/correction';
import { endpointAway } from './people/endpointAway';
import { lateReading } from './people/lateReading';
import { lateUpload } from './people/lateUpload';
import { pauseAndResume } from './people/pauseAndResume';
import { refreshes } from './people/refreshes';
import { withdrawal } from './people/withdrawal';
import type { Strike } from './strike';

/** Every kind of strike there is. */
export const strikes: readonly Strike[] = [
  garbage,
  invalidClient,
  otherManners,
  quotaStorm,
  resets,
  serverErrors,
  stalls,
  tokenOutage,
  tooMany,
  unauthorised,
  consentAnew,
  correction,
  endpointAway,
  lateReading,
  lateUpload,
  pauseAndResume,
  refreshes,
  withdrawal,
  allWorkers,
  api,
  database,
  frozenWorker,
  temporal,
  worker,
];
