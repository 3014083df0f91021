// Every page of the console.
import { overviewPages } from './overview/overview-page.tsx';
import type { Page } from './page.ts';

export const pages: readonly Page[] = [...overviewPages];
