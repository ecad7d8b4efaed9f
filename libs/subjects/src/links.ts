import { link, type SubjectLink } from '@huitong/subject-engine';

/**
 * Which columns connect persons, organisations and dwellings with each other, and how. They belong to no one subject:
 * each is read from both of its ends.
 */
export const subjectLinks: readonly SubjectLink[] = [
  link('mca.marriage.spouseId', 'population', '配偶', 'Spouse'),
  link('nhc.birth.motherId', 'population', '母亲', 'Mother'),
  link('nhc.birth.fatherId', 'population', '父亲', 'Father'),
  link('dpf.disability-certificate.guardianId', 'population', '监护人', 'Guardian'),
  link('mca.dibao-household.applicantId', 'population', '低保申请人', 'Applicant for the minimum living guarantee'),
  link('hrss.insurance.employerCreditCode', 'legal-person', '参保单位', 'Employer by social insurance'),
  link('hpf.provident-fund.employerCreditCode', 'legal-person', '公积金缴存单位', 'Employer by provident fund'),
  link('hrss.pension-entitlement.employerCreditCode', 'legal-person', '退休前单位', 'Last employer'),
  link('nrb.real-estate-title.ownerId', 'population', '权利人', 'Owner'),
  link('nrb.real-estate-title.ownerId', 'legal-person', '权利人', 'Owner'),
  link('hcb.public-rental.tenantId', 'population', '承租人', 'Tenant'),
  link('hcb.public-rental.managingUnitCreditCode', 'legal-person', '管理单位', 'Managing unit'),
  link('hcb.dwelling.developerCreditCode', 'legal-person', '开发企业', 'Developer'),
  link('amr.enterprise-registration.legalRepresentativeId', 'population', '法定代表人', 'Legal representative'),
  link('mca.social-organisation.legalRepresentativeId', 'population', '法定代表人', 'Legal representative'),
  link('mca.social-organisation.supervisingUnitCreditCode', 'legal-person', '业务主管单位', 'Supervising unit'),
  link('sco.institution-registration.sponsorCreditCode', 'legal-person', '举办单位', 'Sponsor'),
];
