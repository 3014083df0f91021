// Files that pages link to: the stylesheet, the icon, htmx. Read once at the start; their addresses change with their bytes, so
// that a browser may keep them.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Router } from 'express';
import { packageRoot } from '../paths.ts';

interface Asset {
  readonly contentType: string;
  readonly bytes: Buffer;
  readonly version: string;
}

function loadAsset(contentType: string, file: string): Asset {
  const bytes = readFileSync(file);
  return { contentType, bytes, version: createHash('sha256').update(bytes).digest('hex').slice(0, 10) };
}

const folder = join(packageRoot, 'src/console/assets');
const assets: Readonly<Record<string, Asset>> = {
  'console.css': loadAsset('text/css; charset=utf-8', join(folder, 'console.css')),
  'icon.svg': loadAsset('image/svg+xml', join(folder, 'icon.svg')),
  'htmx.js': loadAsset('text/javascript; charset=utf-8', require.resolve('htmx.org/dist/htmx.min.js')),
};

export function assetAddress(name: string): string {
  return `/console/assets/${name}?v=${assets[name]?.version ?? ''}`;
}

export function publishAssets(router: Router): void {
  router.get('/assets/:name', (request, response, next) => {
    const asset = assets[request.params.name];
    if (asset === undefined) {
      next();
      return;
    }
    response.set({ 'Content-Type': asset.contentType, 'Cache-Control': 'public, max-age=31536000, immutable' });
    response.end(asset.bytes);
  });
}
