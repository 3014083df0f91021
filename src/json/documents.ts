// openapi.json and the page that shows it.
import { createHash } from 'node:crypto';
import type { Router } from 'express';
import { endpoints } from './endpoints.ts';
import type { RequestReport } from '../request-report.ts';
import { writeOpenapi } from './openapi.ts';
import { pageStyle, writePage } from './page.ts';
import { jsonContentType, sendText } from './send-json.ts';

export function publishDocuments(router: Router, base: string, version: string): void {
  const style = createHash('sha256').update(pageStyle).digest('base64');
  let made: { readonly json: string; readonly page: string } | undefined;
  const make = () => {
    const document = writeOpenapi(endpoints, base, version);
    return { json: JSON.stringify(document, null, 2), page: writePage(document) };
  };
  router.get('/openapi.json', (_request, response) => {
    made ??= make();
    const report = response.locals.report as RequestReport;
    report.replyBytes = sendText(response, 200, jsonContentType, made.json);
  });
  router.get('/docs', (_request, response) => {
    made ??= make();
    response.setHeader('Content-Security-Policy', `default-src 'none'; style-src 'sha256-${style}'`);
    const report = response.locals.report as RequestReport;
    report.replyBytes = sendText(response, 200, 'text/html; charset=utf-8', made.page);
  });
}
