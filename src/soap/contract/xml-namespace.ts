// The namespace of xml:lang and its like, whose prefix nobody declares.
export const xmlNamespace = 'http://www.w3.org/XML/1998/namespace';
