// Trouble that is not a business answer: SOAP faults with 1C's texts, and the exceptions of the layer before the service.
import { escapeText } from './contract/text-escape.ts';

/** 1C clients cut a fault's text to the last "}:", so this is where our own words begin (wire F2). "Web" is Latin. */
export function wordFault(serviceName: string, text: string): string {
  return `Неизвестная ошибка. {WebСервис.${serviceName}.Модуль(1)}: ${text}`;
}

/** A defect as the caller sees it: a number to quote, never a trace. */
export function wordDefect(serviceName: string, incident: string): string {
  return wordFault(serviceName, `внутренняя ошибка сервиса, номер инцидента ${incident}, сообщите его администратору.`);
}

/** The answer to a request that never reached a service (wire F4): unknown infobase, no free session. */
export function writeException(status: number, description: string): string {
  return (
    '<?xml version="1.0" encoding="UTF-8"?>\r\n' +
    '<exception xmlns="http://v8.1c.ru/8.2/virtual-resource-system"' +
    ' xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"' +
    ` xsi:type="Exception" clsid="580392e6-ba49-4280-ac67-fcd6f2180121" reason="${status}">` +
    `<descr xmlns="http://v8.1c.ru/8.1/data/core">${escapeText(description)}</descr></exception>`
  );
}

export const exceptionContentType = 'application/xml; charset=utf-8';
