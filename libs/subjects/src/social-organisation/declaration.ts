import { from, inForce, subject } from '@huitong/subject-engine';

/** The social-organisation database (社会组织库): associations, private non-enterprise units and foundations, by credit code. */
export const socialOrganisation = subject({
  name: 'social-organisation',
  title: { zh: '社会组织', en: 'Social organisation' },
  database: 'legal_person',
  datasets: ['mca.social-organisation'],
  searched: { name: ['name'], address: ['address'] },
  fields: {
    registrationActive: inForce('mca.social-organisation').titled('登记有效', 'Registration in force'),
    name: from('mca.social-organisation.name').titled('名称', 'Name'),
    organisationKind: from('mca.social-organisation.organisationKind').titled('社会组织类别', 'Kind of organisation'),
    legalRepresentative: from('mca.social-organisation.legalRepresentative').titled(
      '法定代表人或负责人',
      'Legal representative',
    ),
    legalRepresentativeId: from('mca.social-organisation.legalRepresentativeId').titled(
      '法定代表人身份号码',
      'Id of the legal representative',
    ),
    registeredCapital: from('mca.social-organisation.registeredCapital').titled(
      '活动资金、开办资金或原始基金',
      'Funds at registration',
    ),
    purpose: from('mca.social-organisation.purpose').titled('宗旨', 'Purpose'),
    businessScope: from('mca.social-organisation.businessScope').titled('业务范围', 'Scope of activity'),
    activityArea: from('mca.social-organisation.activityArea').titled('活动地域', 'Area of activity'),
    address: from('mca.social-organisation.address').titled('住所', 'Domicile'),
    divisionCode: from('mca.social-organisation.divisionCode').titled('行政区划代码', 'Division code'),
    supervisingUnit: from('mca.social-organisation.supervisingUnit').titled('业务主管单位', 'Supervising unit'),
    supervisingUnitCreditCode: from('mca.social-organisation.supervisingUnitCreditCode').titled(
      '业务主管单位统一社会信用代码',
      'Credit code of the supervising unit',
    ),
    registrationAuthority: from('mca.social-organisation.registrationAuthority').titled(
      '登记管理机关',
      'Registration authority',
    ),
    foundedDate: from('mca.social-organisation.foundedDate').titled('成立日期', 'Date of foundation'),
    approvedDate: from('mca.social-organisation.approvedDate').titled('核准日期', 'Date of approval'),
    certificateExpiryDate: from('mca.social-organisation.certificateExpiryDate').titled(
      '登记证书有效期止',
      'Expiry of the certificate',
    ),
    annualInspectionResult: from('mca.social-organisation.annualInspectionResult').titled(
      '年检结论',
      'Result of the annual inspection',
    ),
    status: from('mca.social-organisation.status').titled('机构状态', 'Status'),
    phone: from('mca.social-organisation.phone').titled('联系电话', 'Telephone'),
  },
});
