// A page with what stands around it: the infobase, its stage and clock, the sections.
import { findStage } from '../operations/admin/find-stage.ts';
import type { PageCall, ShownPage } from './page.ts';
import { Layout } from './parts/layout.tsx';
import type { Notice } from './sessions.ts';

interface Around {
  readonly infobases: readonly string[];
  readonly notice: Notice | undefined;
}

export async function layPage(call: PageCall, page: ShownPage, { infobases, notice }: Around) {
  const { infobase, language, say, base, here, token, visitor, isAdmin, services } = call;
  const at = {
    language,
    say,
    base,
    here,
    token,
    infobases,
    notice,
    infobase: infobase.name,
    stage: await findStage(infobase),
    testNow: infobase.testNow,
    user: { name: visitor.name, isAdmin },
    version: services.version,
  };
  return (
    <Layout at={at} title={page.title} crumbs={page.crumbs ?? []}>
      {page.body}
    </Layout>
  );
}
