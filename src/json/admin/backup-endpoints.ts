// Backups of the infobase: those in the folder, and one made now.
import { z } from 'zod';
import { backupOrigins } from '../../operations/admin/backup-manifest.ts';
import { findBackups, type FoundBackup } from '../../operations/admin/list-backups.ts';
import { startBackup } from '../../works/start-backup.ts';
import { defineEndpoint, type Endpoint } from '../endpoint.ts';
import { momentOut } from '../scalars.ts';
import { answerStarted, work } from '../works/work-schemas.ts';
import * as examples from './backup-examples.ts';

const shared = { tag: 'Администратор', gate: 'none' } as const;

const backup = z
  .strictObject({
    name: z.string(),
    madeAt: momentOut,
    timeZone: z.string(),
    origin: z.enum(backupOrigins).meta({
      description: 'schedule: по расписанию; hand: вручную; disabling: перед выключением биллинга',
    }),
    state: z.enum(['good', 'changed']).meta({ description: 'changed: размер файла не тот, что при создании' }),
    productVersion: z.string(),
    schemaVersion: z.string(),
    bytes: z.int(),
    sha256: z.string(),
    cards: z.int(),
    receipts: z.int(),
    documents: z.int(),
  })
  .meta({ id: 'Backup' });

const backups = z
  .strictObject({
    isFolderSet: z.boolean().meta({ description: 'Задана ли KKM_BACKUP_DIR; иначе копии лежат рядом с базой' }),
    trouble: z.string().nullable().meta({ description: 'Почему папку нельзя прочитать' }),
    backups: z.array(backup),
  })
  .meta({ id: 'Backups' });

export const backupEndpoints: readonly Endpoint[] = [
  defineEndpoint({
    ...shared,
    roles: ['admin', 'auditor'],
    statuses: [],
    name: 'listBackups',
    method: 'GET',
    path: 'backups',
    summary: 'Резервные копии',
    description: 'Те, у которых рядом есть описание. От новых к старым.',
    input: {},
    reply: backups,
    examples: examples.listBackups,
    answer: async ({ infobase, tools }) => {
      const found = await findBackups(tools.backupDir, infobase.name);
      const rows = found.backups.map(showBackup);
      return { body: { isFolderSet: tools.isBackupDirSet, trouble: found.trouble, backups: rows } };
    },
  }),
  defineEndpoint({
    ...shared,
    roles: ['admin'],
    statuses: [202, 409],
    name: 'makeBackup',
    method: 'POST',
    path: 'backups',
    summary: 'Сделать резервную копию',
    description: 'Кассы в это время обслуживаются. Копия проверяется; её имя и описание в result работы.',
    input: {},
    reply: work,
    examples: examples.makeBackup,
    answer: async ({ infobase, clock, user, tools }) => answerStarted(startBackup(tools, { infobase, clock, user })),
  }),
];

function showBackup(found: FoundBackup): z.input<typeof backup> {
  const { name, madeAt, timeZone, origin, state, productVersion, schemaVersion, bytes, sha256, content } = found;
  const { cards, receipts, documents, billingDocuments } = content;
  const about = { name, madeAt, timeZone, origin, state, productVersion, schemaVersion, bytes, sha256 };
  return { ...about, cards, receipts, documents: documents + billingDocuments };
}
