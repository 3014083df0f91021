// The page that is shown instead of the one that was asked for.
import { describeRefusal, type ConsoleRefusal } from './console-refusal.ts';
import { Frame } from './parts/layout.tsx';
import { sayIn, type Language } from './say.ts';

export function showError(refusal: ConsoleRefusal, language: Language) {
  const say = sayIn(language);
  const { title, text } = describeRefusal(refusal, say);
  return (
    <Frame language={language} title={title}>
      <main class="alone">
        <p class="hint">{refusal.status}</p>
        <h1>{title}</h1>
        <p>{text}</p>
        <p>
          <a class="button" href="/console/">
            {say('К обзору', 'To the overview')}
          </a>
        </p>
      </main>
    </Frame>
  );
}
