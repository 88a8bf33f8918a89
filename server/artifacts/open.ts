import type { Config } from '../config.ts';
import { openDirectoryStore } from './directory.ts';
import { openS3Store } from './s3.ts';
import type { ObjectStore } from './store.ts';

/** Opens the store of the settings; an S3 client is loaded when it is first used. */
export const openStore = ({ artifacts: { store } }: Pick<Config, 'artifacts'>): ObjectStore =>
  store.kind === 's3' ? openS3Store(store) : openDirectoryStore(store.dir);
