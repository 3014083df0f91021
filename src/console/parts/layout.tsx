// What every page stands in: the head, the top line, the column of sections, the notice of the last act.
import type { ComponentChildren } from 'preact';
import type { LocalDateTime } from '../../ledger/local-date-time.ts';
import { assetAddress } from '../assets.ts';
import type { Crumb } from '../page.ts';
import type { Language, Say } from '../say.ts';
import { sectionGroups } from '../sections.ts';
import type { Notice } from '../sessions.ts';
import { showMoment } from '../show.ts';

export interface Surroundings {
  readonly language: Language;
  readonly say: Say;
  /** "/console/trade" */
  readonly base: string;
  /** Path and query of this page. */
  readonly here: string;
  readonly infobase: string;
  /** All infobases of the service, for the switch. */
  readonly infobases: readonly string[];
  readonly stage: string;
  /** The clock of a test infobase. */
  readonly testNow: LocalDateTime | undefined;
  readonly user: { readonly name: string; readonly isAdmin: boolean };
  readonly token: string;
  readonly version: string;
  readonly notice: Notice | undefined;
}

interface FrameProps {
  readonly language: Language;
  readonly title: string;
  readonly children: ComponentChildren;
}

/** The document without the sections: for the log-in and for errors. */
export function Frame({ language, title, children }: FrameProps) {
  return (
    <html lang={language}>
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="htmx-config" content='{"includeIndicatorCSS":false,"allowEval":false}' />
        <title>{title}</title>
        <link rel="icon" href={assetAddress('icon.svg')} type="image/svg+xml" />
        <link rel="stylesheet" href={assetAddress('console.css')} />
        <script src={assetAddress('htmx.js')} defer />
      </head>
      <body>{children}</body>
    </html>
  );
}

interface LayoutProps {
  readonly at: Surroundings;
  readonly title: string;
  readonly crumbs: readonly Crumb[];
  readonly children: ComponentChildren;
}

export function Layout({ at, title, crumbs, children }: LayoutProps) {
  const { say, language } = at;
  return (
    <Frame language={language} title={`${title} · ${at.infobase}`}>
      <a class="skip" href="#main">
        {say('К содержанию', 'Skip to content')}
      </a>
      <TopLine at={at} />
      <div class="columns">
        <Sections at={at} />
        <main id="main">
          {crumbs.length > 0 && (
            <nav class="crumbs" aria-label={say('Путь', 'Breadcrumbs')}>
              {crumbs.map(({ title: above, path }) => (
                <a href={`${at.base}/${path}`}>{above}</a>
              ))}
            </nav>
          )}
          <h1>{title}</h1>
          {at.notice !== undefined && (
            <p class={`notice ${at.notice.kind}`} role={at.notice.kind === 'problem' ? 'alert' : 'status'}>
              {at.notice.text}
            </p>
          )}
          {children}
        </main>
      </div>
      <footer>KKMTransfer {at.version}</footer>
    </Frame>
  );
}

const stageNames: Readonly<Record<string, readonly [string, string]>> = {
  cards: ['этап «карты»', 'stage cards'],
  online: ['этап «онлайн»', 'stage online'],
  billing: ['биллинг', 'billing'],
};

function TopLine({ at }: { readonly at: Surroundings }) {
  const { say, language, here } = at;
  const other = language === 'ru' ? 'en' : 'ru';
  const [ru, en] = stageNames[at.stage] ?? [at.stage, at.stage];
  return (
    <header class="top">
      <details class="menu">
        <summary>
          <span class="name">{at.infobase}</span>
        </summary>
        <ul>
          {at.infobases.map((name) => (
            <li>
              <a href={`/console/${name}/`} aria-current={name === at.infobase ? 'true' : undefined}>
                {name}
              </a>
            </li>
          ))}
        </ul>
      </details>
      <span class={`badge stage-${at.stage}`}>{say(ru, en)}</span>
      {at.testNow !== undefined && (
        <a class="badge clock" href={`${at.base}/settings#clock`}>
          {say('часы теста', 'test clock')}: {showMoment(at.testNow)}
        </a>
      )}
      <span class="spring" />
      <a class="language" href={`/console/language?to=${other}&back=${encodeURIComponent(here)}`} lang={other}>
        {other === 'ru' ? 'Русский' : 'English'}
      </a>
      <form method="post" action={`${at.base}/logout`} class="logout">
        <input type="hidden" name="_token" value={at.token} />
        <span class="user">
          {at.user.name}
          {!at.user.isAdmin && ` (${say('только чтение', 'read only')})`}
        </span>
        <button type="submit" class="plain">
          {say('Выйти', 'Log out')}
        </button>
      </form>
    </header>
  );
}

function Sections({ at }: { readonly at: Surroundings }) {
  const { say, base, here } = at;
  const path = here.split('?', 1)[0]?.slice(base.length + 1) ?? '';
  const current = path.split('/', 1)[0] ?? '';
  const list = sectionGroups.map(({ title, sections }) => (
    <>
      {title !== undefined && <p class="group">{title(say)}</p>}
      <ul>
        {sections.map((section) => (
          <li>
            <a href={`${base}/${section.path}`} aria-current={section.path === current ? 'page' : undefined}>
              {section.title(say)}
            </a>
          </li>
        ))}
      </ul>
    </>
  ));
  return (
    <>
      <nav class="sections wide" aria-label={say('Разделы', 'Sections')}>
        {list}
      </nav>
      <details class="sections narrow">
        <summary>{say('Разделы', 'Sections')}</summary>
        <nav aria-label={say('Разделы на телефоне', 'Sections on a phone')}>{list}</nav>
      </details>
    </>
  );
}
