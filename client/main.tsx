import './ui/mantine.css.ts';
import './ui/base.css';
import { localStorageColorSchemeManager, MantineProvider } from '@mantine/core';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { Provider } from 'urql';
import { LazySignInAgain } from './access/LazySignInAgain.tsx';
import { createApi } from './lib/api.ts';
import { density } from './lib/density.ts';
import { LazyNotifications } from './lib/LazyNotifications.tsx';
import { styleNonce } from './lib/nonce.ts';
import { trustStyles } from './lib/trustedTypes.ts';
import { createAppRouter } from './routes.tsx';
import { cssVariables, theme } from './ui/theme.ts';

const schemes = localStorageColorSchemeManager({ key: 'tunix-rt-color-scheme' });

// Before the first paint, and from here: the content security policy allows no inline script.
const chosen = schemes.get('auto');
const system = matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light';
document.documentElement.dataset.mantineColorScheme = chosen === 'auto' ? system : chosen;

density.restore();

trustStyles();

const root = document.getElementById('root');
if (!root) throw new Error('index.html has no #root');

createRoot(root).render(
  <StrictMode>
    <MantineProvider
      theme={theme}
      cssVariablesResolver={cssVariables}
      getStyleNonce={() => styleNonce}
      colorSchemeManager={schemes}
      defaultColorScheme="auto"
    >
      <LazyNotifications />
      <Provider value={createApi()}>
        <RouterProvider router={createAppRouter()} />
        <LazySignInAgain />
      </Provider>
    </MantineProvider>
  </StrictMode>,
);

// For what opens over the first page.
void import('./ui/mantineRest.css.ts');
