import '@mantine/core/styles/baseline.css';
import '@mantine/core/styles/default-css-variables.css';
import '@mantine/core/styles/global.css';
import './ui/base.css';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { Provider } from 'urql';
import { LazySignInAgain } from './access/LazySignInAgain.tsx';
import { createApi } from './lib/api.ts';
import { density } from './lib/density.ts';
import { LazyNotifications } from './lib/LazyNotifications.tsx';
import { scheme } from './lib/scheme.ts';
import { trustStyles } from './lib/trustedTypes.ts';
import { createAppRouter } from './routes.tsx';
import { NewVersion } from './shell/NewVersion.tsx';

// Before the first paint, and from here: the content security policy allows no inline script.
scheme.restore();
density.restore();

trustStyles();

const root = document.getElementById('root');
if (!root) throw new Error('index.html has no #root');

createRoot(root).render(
  <StrictMode>
    <LazyNotifications />
    <NewVersion />
    <Provider value={createApi()}>
      <RouterProvider router={createAppRouter()} />
      <LazySignInAgain />
    </Provider>
  </StrictMode>,
);
