import { from, inForce, subject } from '@huitong/subject-engine';

/**
 * The legal-person database (法人库): one record per unified social credit code (GB 32100-2015), whichever authority
 * registered it. A code belongs to one authority for life, so the order of the sources decides only among mistakes.
 */
export const legalPerson = subject({
  name: 'legal-person',
  title: { zh: '法人', en: 'Legal person' },
  database: 'legal_person',
  datasets: ['amr.enterprise-registration', 'sco.institution-registration', 'mca.social-organisation'],
  searched: { name: ['name'], address: ['address'] },
  fields: {
    name: from(
      'amr.enterprise-registration.name',
      'sco.institution-registration.name',
      'mca.social-organisation.name',
    ).titled('机构名称', 'Name'),
    marketEntity: inForce('amr.enterprise-registration').titled('市场主体登记有效', 'Registered as a market entity'),
    institution: inForce('sco.institution-registration').titled('机关事业单位登记有效', 'Registered as an institution'),
    socialOrganisation: inForce('mca.social-organisation').titled(
      '社会组织登记有效',
      'Registered as a social organisation',
    ),
    organisationCode: from(
      'amr.enterprise-registration.organisationCode',
      'sco.institution-registration.organisationCode',
    ).titled('组织机构代码', 'Organisation code'),
    legalRepresentative: from(
      'amr.enterprise-registration.legalRepresentative',
      'sco.institution-registration.legalRepresentative',
      'mca.social-organisation.legalRepresentative',
    ).titled('法定代表人', 'Legal representative'),
    legalRepresentativeId: from(
      'amr.enterprise-registration.legalRepresentativeId',
      'mca.social-organisation.legalRepresentativeId',
    ).titled('法定代表人身份号码', 'Id of the legal representative'),
    registeredCapital: from(
      'amr.enterprise-registration.registeredCapital',
      'sco.institution-registration.startingFunds',
      'mca.social-organisation.registeredCapital',
    ).titled('注册资金', 'Registered capital'),
    businessScope: from(
      'amr.enterprise-registration.businessScope',
      'sco.institution-registration.businessScope',
      'mca.social-organisation.businessScope',
    ).titled('业务范围', 'Scope of business'),
    address: from(
      'amr.enterprise-registration.address',
      'sco.institution-registration.address',
      'mca.social-organisation.address',
    ).titled('注册地址', 'Registered address'),
    divisionCode: from(
      'amr.enterprise-registration.divisionCode',
      'sco.institution-registration.divisionCode',
      'mca.social-organisation.divisionCode',
    ).titled('注册地址行政区划代码', 'Division code of the registered address'),
    foundedDate: from(
      'amr.enterprise-registration.foundedDate',
      'sco.institution-registration.foundedDate',
      'mca.social-organisation.foundedDate',
    ).titled('成立日期', 'Date of foundation'),
    approvedDate: from(
      'amr.enterprise-registration.approvedDate',
      'sco.institution-registration.approvedDate',
      'mca.social-organisation.approvedDate',
    ).titled('核准日期', 'Date of approval'),
    registrationAuthority: from(
      'amr.enterprise-registration.registrationAuthority',
      'sco.institution-registration.registrationAuthority',
      'mca.social-organisation.registrationAuthority',
    ).titled('登记管理部门', 'Registration authority'),
    status: from(
      'amr.enterprise-registration.status',
      'sco.institution-registration.status',
      'mca.social-organisation.status',
    ).titled('机构状态', 'Status'),
    phone: from(
      'amr.enterprise-registration.phone',
      'sco.institution-registration.phone',
      'mca.social-organisation.phone',
    ).titled('联系电话', 'Telephone'),
  },
});
