// Gift certificates are not opened in this version's stages: their operations answer 8.
import { resultCodes, type ResultCode } from '../ledger/result.ts';
import type { Checked } from './command.ts';

interface Echo {
  readonly operationId: string | null;
  readonly certificateNumber: string;
}

export interface ModuleOffReply {
  readonly code: ResultCode;
  readonly operationId: string;
  readonly certificateNumber: string;
  readonly duplicate: boolean;
  readonly nominal: number;
  readonly balance: number;
}

export async function answerModuleOff(request: Checked<Partial<Echo>>): Promise<ModuleOffReply> {
  const { operationId, certificateNumber } = request.ok ? request.value : request.partial;
  return {
    code: resultCodes.moduleOff,
    operationId: operationId ?? '',
    certificateNumber: certificateNumber ?? '',
    duplicate: false,
    nominal: 0,
    balance: 0,
  };
}
