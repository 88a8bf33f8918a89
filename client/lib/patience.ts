/** Setup of every client test: a busy machine may need seconds for what a component does at once. */
import { configure } from '@testing-library/react';

configure({ asyncUtilTimeout: 20_000 });
