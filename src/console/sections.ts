// The sections of the console, in the order of its left column.
import type { Say } from './say.ts';

export interface Section {
  /** Under the infobase's address; '' is the overview. */
  readonly path: string;
  readonly title: (say: Say) => string;
}

export interface SectionGroup {
  readonly title?: (say: Say) => string;
  readonly sections: readonly Section[];
}

export const sectionGroups: readonly SectionGroup[] = [
  { sections: [{ path: '', title: (say) => say('Обзор', 'Overview') }] },
  {
    title: (say) => say('Карты', 'Cards'),
    sections: [
      { path: 'cards', title: (say) => say('Дисконтные карты', 'Discount cards') },
      { path: 'kinds', title: (say) => say('Виды карт', 'Card kinds') },
      { path: 'rules', title: (say) => say('Правила жизни', 'Rules of life') },
      { path: 'certificates', title: (say) => say('Сертификаты', 'Certificates') },
    ],
  },
  {
    title: (say) => say('Учёт', 'Ledger'),
    sections: [
      { path: 'documents', title: (say) => say('Документы', 'Documents') },
      { path: 'receipts', title: (say) => say('Чеки', 'Receipts') },
      { path: 'reports', title: (say) => say('Отчёты', 'Reports') },
      { path: 'night', title: (say) => say('Ночной регламент', 'Night') },
      { path: 'billing', title: (say) => say('Биллинг', 'Billing') },
      { path: 'import', title: (say) => say('Ввод остатков', 'Opening balances') },
    ],
  },
  {
    title: (say) => say('Кассы', 'Tills'),
    sections: [
      { path: 'shops', title: (say) => say('Магазины и кассы', 'Shops and tills') },
      { path: 'exchange', title: (say) => say('Обмен', 'Exchange') },
      { path: 'sync', title: (say) => say('Синхронизация', 'Synchronization') },
      { path: 'envelopes', title: (say) => say('Конверты', 'Envelopes') },
    ],
  },
  {
    title: (say) => say('Администрирование', 'Administration'),
    sections: [
      { path: 'settings', title: (say) => say('Настройки', 'Settings') },
      { path: 'users', title: (say) => say('Пользователи', 'Users') },
      { path: 'changes', title: (say) => say('Журнал изменений', 'Log of changes') },
      { path: 'jobs', title: (say) => say('Задания', 'Jobs') },
      { path: 'backups', title: (say) => say('Резервные копии', 'Backups') },
      { path: 'seals', title: (say) => say('Пломбы дней', 'Sealed days') },
    ],
  },
];
