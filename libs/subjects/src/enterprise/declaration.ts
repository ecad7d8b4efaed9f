import { from, inForce, subject } from '@huitong/subject-engine';

/**
 * The enterprise database (企业库): one record per market entity, with the items of GB/T 36104-2018 that registration
 * holds. `registrationActive` stays true after a licence is revoked: only de-registration ends an entity
 * (市场主体登记管理条例 art. 31), `status` says the rest.
 */
export const enterprise = subject({
  name: 'enterprise',
  title: { zh: '企业', en: 'Enterprise' },
  database: 'legal_person',
  datasets: ['amr.enterprise-registration'],
  searched: { name: ['name'], address: ['address', 'businessAddress'] },
  fields: {
    registrationActive: inForce('amr.enterprise-registration').titled('登记有效', 'Registration in force'),
    name: from('amr.enterprise-registration.name').titled('名称', 'Name'),
    registrationNo: from('amr.enterprise-registration.registrationNo').titled('注册号', 'Registration number'),
    organisationCode: from('amr.enterprise-registration.organisationCode').titled('组织机构代码', 'Organisation code'),
    enterpriseType: from('amr.enterprise-registration.enterpriseType').titled('市场主体类型', 'Kind of entity'),
    economicTypeCode: from('amr.enterprise-registration.economicTypeCode').titled('经济类型代码', 'Economic type'),
    industryCode: from('amr.enterprise-registration.industryCode').titled('行业代码', 'Industry'),
    legalRepresentative: from('amr.enterprise-registration.legalRepresentative').titled(
      '法定代表人',
      'Legal representative',
    ),
    legalRepresentativeId: from('amr.enterprise-registration.legalRepresentativeId').titled(
      '法定代表人身份号码',
      'Id of the legal representative',
    ),
    registeredCapital: from('amr.enterprise-registration.registeredCapital').titled('注册资本', 'Registered capital'),
    registeredCapitalText: from('amr.enterprise-registration.registeredCapitalText').titled(
      '注册资本原文',
      'Registered capital as published',
    ),
    capitalCurrency: from('amr.enterprise-registration.capitalCurrency').titled('币种', 'Currency'),
    businessScope: from('amr.enterprise-registration.businessScope').titled('经营范围', 'Scope of business'),
    foundedDate: from('amr.enterprise-registration.foundedDate').titled('成立日期', 'Date of foundation'),
    approvedDate: from('amr.enterprise-registration.approvedDate').titled('核准日期', 'Date of approval'),
    businessUntil: from('amr.enterprise-registration.businessUntil').titled('经营期限至', 'In business until'),
    province: from('amr.enterprise-registration.province').titled('所在省份', 'Province'),
    city: from('amr.enterprise-registration.city').titled('所在城市', 'City'),
    address: from('amr.enterprise-registration.address').titled('住所', 'Domicile'),
    divisionCode: from('amr.enterprise-registration.divisionCode').titled('行政区划代码', 'Division code'),
    businessAddress: from('amr.enterprise-registration.businessAddress').titled('生产经营地址', 'Place of business'),
    registrationAuthority: from('amr.enterprise-registration.registrationAuthority').titled(
      '登记机关',
      'Registration authority',
    ),
    registrationBusinessType: from('amr.enterprise-registration.registrationBusinessType').titled(
      '登记业务类型',
      'Kind of registration',
    ),
    status: from('amr.enterprise-registration.status').titled('机构状态', 'Status'),
    phone: from('amr.enterprise-registration.phone').titled('联系电话', 'Telephone'),
  },
});
