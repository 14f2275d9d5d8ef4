import type { Conversation } from '../org/chat-store';

const LINES_PER_PAGE = 50;

/**
 * Returns the messages of a conversation as a PDF document of ASCII characters: the SDKs hand a transcript to a PDF viewer
 * (`retrieveTranscript` of the iOS SDK). The layout is this org's.
 */
export function transcriptOf({ entries }: Conversation): string {
  const lines = entries.flatMap(({ at, sender, payload }) => {
    const { staticContent } = (payload['abstractMessage'] ?? {}) as { staticContent?: { text?: string } };
    return staticContent ? [`${new Date(at).toISOString()} ${sender}: ${staticContent.text ?? '(file)'}`] : [];
  });
  return pdfOf(lines.slice(-LINES_PER_PAGE));
}

function pdfOf(lines: readonly string[]): string {
  const shown = lines.map((line) => `(${line.replace(/[^\x20-\x7e]/g, '?').replace(/[\\()]/g, '\\$&')}) Tj T*`);
  const content = `BT /F1 10 Tf 40 800 Td 14 TL\n${shown.join('\n')}\nET`;
  return pdfFile([
    '<< /Type /Catalog /Pages 2 0 R >>',
    '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
    '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>',
    `<< /Length ${content.length} >>\nstream\n${content}\nendstream`,
    '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>',
  ]);
}

// ISO 32000-1, 7.5: header, objects, cross-reference table with the byte offset of each object, trailer.
function pdfFile(objects: readonly string[]): string {
  let file = '%PDF-1.4\n';
  const offsets = objects.map((object, index) => {
    const offset = String(file.length).padStart(10, '0');
    file += `${index + 1} 0 obj\n${object}\nendobj\n`;
    return `${offset} 00000 n \n`;
  });
  const table = `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${offsets.join('')}`;
  return `${file}${table}trailer\n<< /Size ${objects.length + 1} /Root 1 0 R >>\nstartxref\n${file.length}\n%%EOF\n`;
}
