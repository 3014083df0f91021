// One contract, ready for use: the content of its folder, compiled. A base whose real WSDL is known gets a folder of its own,
// and nothing here changes.
import { join } from 'node:path';
import { findWsdlFile, loadModel, readWsdlText, type ContractModel } from './model.ts';
import { compileSlicedReader, type ReadCall } from './reader.ts';
import { finish, type Sliced } from './slices.ts';
import { compileWsdlDocument, type WriteWsdl } from './wsdl-document.ts';
import { compileWriter, writeFault, type WriteReply } from './writer.ts';

/** The names of this folder that the doors need, in one place. */
export type { ReadCall } from './reader.ts';
export type { LineEnd } from './writer.ts';

export interface Contract {
  readonly namespace: string;
  readonly serviceName: string;
  /** Names of the ports, one for each version of SOAP. */
  readonly ports: readonly string[];
  /** Names, in the order of the WSDL. */
  readonly operations: readonly string[];
  /** The file's own text. */
  readonly wsdlText: string;
  /** The file, for whoever opens the schemas beside it. */
  readonly wsdlPath: string;
  readonly model: ContractModel;
  /** Throws only UnreadableRequest, whatever is wrong with the request. */
  readonly readRequest: (xml: string) => ReadCall;
  /** The same for a long text, with stops. */
  readonly readInSlices: (xml: string) => Sliced<ReadCall>;
  /** Throws if the reply lacks a value that its type requires: that is a defect. */
  readonly writeReply: WriteReply;
  readonly writeFault: typeof writeFault;
  readonly wsdlAt: WriteWsdl;
}

export function loadContract(folder: string): Contract {
  const wsdlText = readWsdlText(folder);
  const model = loadModel(folder);
  const readInSlices = compileSlicedReader(model);
  return {
    namespace: model.namespace,
    serviceName: model.serviceName,
    ports: model.ports,
    operations: model.operations.map((operation) => operation.name),
    wsdlText,
    wsdlPath: join(folder, findWsdlFile(folder)),
    model,
    readRequest: (xml) => finish(readInSlices(xml)),
    readInSlices,
    writeReply: compileWriter(model),
    writeFault,
    wsdlAt: compileWsdlDocument(wsdlText),
  };
}
