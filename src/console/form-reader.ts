// Reads what a form sends: fields, and one file into a folder of the service.
import { randomUUID } from 'node:crypto';
import { mkdir } from 'node:fs';
import { rm } from 'node:fs/promises';
import express, { type Request, type Response } from 'express';
import multer from 'multer';
import { refuseConsole } from './console-refusal.ts';
import type { SentFile } from './page.ts';

/** A million cards with their balances take some 60 MB. */
export const fileLimitMegabytes = 200;

const fieldLimits = { fields: 2_000, fieldSize: 256 * 1024, parts: 2_001, files: 1 };

export interface SentForm {
  readonly form: URLSearchParams;
  readonly file: SentFile | undefined;
}

export const noForm: SentForm = { form: new URLSearchParams(), file: undefined };

export interface FormReader {
  /** @throws ConsoleRefusal */
  read(request: Request, response: Response, takesFile: boolean): Promise<SentForm>;
}

export function openFormReader(folder: string): FormReader {
  const readFields = express.text({ type: 'application/x-www-form-urlencoded', limit: '1mb' });
  const storage = multer.diskStorage({
    destination: (_request, _file, done) => {
      mkdir(folder, { recursive: true, mode: 0o700 }, (reason) => done(reason, folder));
    },
    filename: (_request, _file, done) => done(null, randomUUID()),
  });
  const limits = { ...fieldLimits, fileSize: fileLimitMegabytes * 1024 ** 2 };
  const readParts = multer({ storage, limits, defParamCharset: 'utf8' }).single('file');
  return {
    async read(request, response, takesFile) {
      await new Promise<void>((resolve, reject) => {
        const end = (reason?: unknown): void => {
          if (reason === undefined || reason === null) resolve();
          else reject(toRefusal(reason));
        };
        if (takesFile) void readParts(request, response, end);
        else readFields(request, response, end);
      });
      if (!takesFile) return { form: new URLSearchParams(String(request.body ?? '')), file: undefined };
      const form = new URLSearchParams(Object.entries((request.body ?? {}) as Record<string, string>));
      const { file } = request;
      // A form that is sent without choosing a file has an empty one.
      if (file !== undefined && file.size === 0 && file.originalname === '') {
        await rm(file.path, { force: true });
        return { form, file: undefined };
      }
      return { form, file: file && { name: file.originalname, path: file.path, bytes: file.size } };
    },
  };
}

function toRefusal(reason: unknown): unknown {
  const { code, type } = reason as { readonly code?: string; readonly type?: string };
  if (code === 'LIMIT_FILE_SIZE') return refuseConsole(413, `${fileLimitMegabytes} MB`);
  if (type === 'entity.too.large') return refuseConsole(413, '1 MB');
  if (reason instanceof multer.MulterError || (reason as { readonly status?: number }).status === 400) {
    return refuseConsole(400);
  }
  return reason;
}
