// The form that each import was started with, so that a dry run can be followed by the import itself with the same terms.

export interface KeptForm {
  /** Of the file among the uploads. */
  readonly fileId: string;
  readonly form: URLSearchParams;
}

export interface ImportForms {
  /** @param workId of the dry run. */
  keep(workId: string, fileId: string, form: URLSearchParams): void;
  find(workId: string): KeptForm | undefined;
}

const keptLimit = 50;

export function openImportForms(): ImportForms {
  const kept = new Map<string, KeptForm>();
  return {
    keep(workId, fileId, form) {
      kept.set(workId, { fileId, form });
      const oldest = kept.keys().next();
      if (kept.size > keptLimit && oldest.done !== true) kept.delete(oldest.value);
    },
    find: (workId) => kept.get(workId),
  };
}
