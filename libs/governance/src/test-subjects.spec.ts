import { from, link, list, planDatabase, subject } from '@huitong/subject-engine';

/** Persons, dwellings and firms of a spec, each in a database of its own, over real datasets. */
const population = subject({
  name: 'population',
  title: { zh: '人口', en: 'Population' },
  database: 'population',
  datasets: ['psb.household-register', 'psb.residence-permit', 'mca.marriage'],
  aliases: ['psb.residence-permit.formerCardNo'],
  searched: { name: ['name'], address: ['address'] },
  fields: {
    name: from('psb.household-register.name', 'psb.residence-permit.name').titled('姓名', 'Name'),
    sex: from('psb.household-register.sex').titled('性别', 'Sex'),
    address: from('psb.household-register.householdAddress', 'psb.residence-permit.residenceAddress').titled(
      '地址',
      'Address',
    ),
  },
});
const housing = subject({
  name: 'housing',
  title: { zh: '房屋', en: 'Housing' },
  database: 'housing',
  datasets: ['nrb.real-estate-title'],
  searched: { name: [], address: ['address'] },
  fields: {
    address: from('nrb.real-estate-title.location').titled('坐落', 'Address'),
    owners: list('nrb.real-estate-title', ['ownerName', 'ownerId'], ['ownerId']).titled('权利人', 'Owners'),
  },
});
const firm = subject({
  name: 'legal-person',
  title: { zh: '法人', en: 'Legal person' },
  database: 'legal_person',
  datasets: ['amr.enterprise-registration'],
  searched: { name: ['name'], address: [] },
  fields: { name: from('amr.enterprise-registration.name').titled('名称', 'Name') },
});
/** Who is married to whom, and who owns what. */
export const links = [
  link('mca.marriage.spouseId', 'population', '配偶', 'Spouse'),
  link('nrb.real-estate-title.ownerId', 'legal-person', '权利人', 'Owner'),
  link('nrb.real-estate-title.ownerId', 'population', '权利人', 'Owner'),
];
/** The databases of these. */
export const plans = [planDatabase([population]), planDatabase([housing]), planDatabase([firm])];
