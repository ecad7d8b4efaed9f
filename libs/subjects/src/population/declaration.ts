import { count, from, inForce, list, max, subject, sum } from '@huitong/subject-engine';

/**
 * The population database (人口库): one record per person, keyed by 公民身份号码. Identity comes from the household register
 * first (居民身份证法 art. 3), death from the death certificate before the cremation, because the household register may
 * lag behind both by weeks (户口登记条例 art. 8).
 */
export const population = subject({
  name: 'population',
  title: { zh: '人口', en: 'Population' },
  database: 'population',
  datasets: [
    'psb.household-register',
    'psb.residence-permit',
    'psb.vehicle',
    'nhc.birth',
    'nhc.death-certificate',
    'mca.cremation',
    'mca.marriage',
    'mca.dibao-household',
    'hrss.pension-entitlement',
    'hrss.pension-payment',
    'hrss.insurance',
    'hpf.provident-fund',
    'dpf.disability-certificate',
  ],
  aliases: ['psb.residence-permit.formerCardNo'],
  searched: { name: ['name'], address: ['householdAddress', 'residenceAddress'] },
  fields: {
    name: from(
      'psb.household-register.name',
      'psb.residence-permit.name',
      'nhc.birth.name',
      'mca.marriage.name',
      'hrss.insurance.name',
      'hrss.pension-entitlement.name',
      'mca.dibao-household.name',
      'dpf.disability-certificate.name',
      'hpf.provident-fund.name',
      'nhc.death-certificate.name',
      'mca.cremation.name',
      'hrss.pension-payment.name',
      'psb.vehicle.ownerName',
    ).titled('姓名', 'Name'),
    sex: from(
      'psb.household-register.sex',
      'psb.residence-permit.sex',
      'nhc.birth.sex',
      'mca.marriage.sex',
      'hrss.insurance.sex',
      'hrss.pension-entitlement.sex',
      'dpf.disability-certificate.sex',
      'nhc.death-certificate.sex',
      'mca.cremation.sex',
    ).titled('性别', 'Sex'),
    ethnicity: from(
      'psb.household-register.ethnicity',
      'psb.residence-permit.ethnicity',
      'dpf.disability-certificate.ethnicity',
      'nhc.death-certificate.ethnicity',
    ).titled('民族', 'Ethnic group'),
    birthDate: from(
      'psb.household-register.birthDate',
      'nhc.birth.birthDate',
      'psb.residence-permit.birthDate',
      'mca.marriage.birthDate',
      'hrss.insurance.birthDate',
      'hrss.pension-entitlement.birthDate',
      'dpf.disability-certificate.birthDate',
      'nhc.death-certificate.birthDate',
      'mca.cremation.birthDate',
    ).titled('出生日期', 'Date of birth'),
    motherId: from('nhc.birth.motherId').titled('母亲身份号码', "Mother's id"),
    fatherId: from('nhc.birth.fatherId').titled('父亲身份号码', "Father's id"),

    householdActive: inForce('psb.household-register').titled('户籍在册', 'On the household register'),
    householdNo: from('psb.household-register.householdNo').titled('户号', 'Household number'),
    relationToHead: from('psb.household-register.relationToHead').titled(
      '与户主关系',
      'Relation to the head of household',
    ),
    householdAddress: from(
      'psb.household-register.householdAddress',
      'psb.residence-permit.homeAddress',
      'mca.marriage.householdAddress',
      'mca.dibao-household.householdAddress',
      'dpf.disability-certificate.householdAddress',
      'nhc.death-certificate.householdAddress',
      'mca.cremation.householdAddress',
    ).titled('户籍地址', 'Registered address'),
    divisionCode: from('psb.household-register.divisionCode', 'psb.residence-permit.homeDivisionCode').titled(
      '户籍地行政区划代码',
      'Division code of the registered address',
    ),
    residenceAddress: from(
      'psb.residence-permit.residenceAddress',
      'mca.dibao-household.residenceAddress',
      'dpf.disability-certificate.residenceAddress',
      'nhc.death-certificate.residenceAddress',
      'nhc.birth.residenceAddress',
    ).titled('居住地址', 'Address of residence'),
    residencePermitActive: inForce('psb.residence-permit').titled('居住证有效', 'Residence permit in force'),

    maritalStatus: from(
      'mca.marriage.maritalStatus',
      'psb.household-register.maritalStatus',
      'nhc.death-certificate.maritalStatus',
    ).titled('婚姻状况', 'Marital status'),
    spouseId: from('mca.marriage.spouseId').titled('配偶身份号码', "Spouse's id"),

    deathDate: from('nhc.death-certificate.deathDate', 'mca.cremation.deathDate').titled('死亡日期', 'Date of death'),
    deathCertified: inForce('nhc.death-certificate').titled('有死亡证明', 'Death certified'),
    cremated: inForce('mca.cremation').titled('已火化', 'Cremated'),
    crematedDate: from('mca.cremation.crematedDate').titled('火化日期', 'Date of cremation'),

    dibaoActive: inForce('mca.dibao-household').titled('享受低保', 'On the minimum living guarantee'),
    dibaoHouseholdNo: from('mca.dibao-household.householdNo').titled('低保家庭编号', 'Number of the dibao household'),
    dibaoMemberAmount: from('mca.dibao-household.memberAmount').titled(
      '个人月保障金额',
      'Monthly amount of the minimum living guarantee',
    ),

    pensionActive: inForce('hrss.pension-entitlement').titled('享受养老待遇', 'Entitled to a pension'),
    pensionStatus: from('hrss.pension-entitlement.status').titled('养老待遇发放状态', 'Status of pension payment'),
    monthlyPension: from('hrss.pension-entitlement.monthlyAmount').titled('月养老待遇', 'Monthly pension'),
    lastPaidMonth: max('hrss.pension-payment.month').titled('最近发放所属月', 'Last month paid'),
    pensionPaidTotal: sum('hrss.pension-payment.amount').titled('养老待遇发放合计', 'Pension paid in all'),

    insuredSchemes: list('hrss.insurance', ['scheme', 'status', 'employerName', 'paidThroughMonth'], ['scheme']).titled(
      '参保险种',
      'Insurance schemes',
    ),
    providentFundActive: inForce('hpf.provident-fund').titled('公积金在缴存', 'Has a provident fund account'),
    providentFundBalance: from('hpf.provident-fund.balance').titled('公积金余额', 'Balance of the provident fund'),
    disabilityActive: inForce('dpf.disability-certificate').titled('持有残疾人证', 'Holds a disability certificate'),
    disabilityCategory: from('dpf.disability-certificate.category').titled('残疾类别', 'Category of disability'),
    disabilityLevel: from('dpf.disability-certificate.level').titled('残疾等级', 'Level of disability'),
    vehicleCount: count('psb.vehicle').titled('名下机动车数', 'Vehicles owned'),
  },
});
