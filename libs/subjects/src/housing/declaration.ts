import { count, from, inForce, list, subject } from '@huitong/subject-engine';

/**
 * The housing database (房屋库): one record per real estate unit (GB/T 37346-2019). The building table leads on what the
 * dwelling is, the register on who owns it (不动产登记暂行条例 art. 8, 21); a re-zoning or split gives a unit a new number,
 * so the former one is an alias.
 */
export const housing = subject({
  name: 'housing',
  title: { zh: '房屋', en: 'Housing' },
  database: 'housing',
  datasets: ['hcb.dwelling', 'nrb.real-estate-title', 'hcb.public-rental'],
  aliases: ['hcb.dwelling.formerEstateUnitNo', 'nrb.real-estate-title.formerEstateUnitNo'],
  searched: { name: ['estateName'], address: ['address'] },
  fields: {
    address: from('hcb.dwelling.address', 'nrb.real-estate-title.location', 'hcb.public-rental.address').titled(
      '房屋坐落',
      'Address',
    ),
    divisionCode: from(
      'hcb.dwelling.divisionCode',
      'nrb.real-estate-title.divisionCode',
      'hcb.public-rental.divisionCode',
    ).titled('行政区划代码', 'Division code'),
    estateName: from('hcb.dwelling.estateName', 'hcb.public-rental.projectName').titled(
      '小区名称',
      'Name of the estate',
    ),
    buildingNo: from('hcb.dwelling.buildingNo').titled('幢号', 'Building'),
    roomNo: from('hcb.dwelling.roomNo').titled('户室号', 'Room'),
    floor: from('hcb.dwelling.floor').titled('所在层', 'Floor'),
    totalFloors: from('hcb.dwelling.totalFloors').titled('总层数', 'Floors of the building'),
    layout: from('hcb.dwelling.layout').titled('户型', 'Layout'),
    structure: from('hcb.dwelling.structure', 'nrb.real-estate-title.structure').titled('房屋结构', 'Structure'),
    plannedUse: from('hcb.dwelling.plannedUse', 'nrb.real-estate-title.plannedUse').titled('规划用途', 'Planned use'),
    buildingArea: from(
      'nrb.real-estate-title.buildingArea',
      'hcb.dwelling.buildingArea',
      'hcb.public-rental.buildingArea',
    ).titled('建筑面积', 'Building area'),
    innerArea: from('hcb.dwelling.innerArea', 'nrb.real-estate-title.exclusiveArea').titled('套内面积', 'Inner area'),
    completedDate: from('hcb.dwelling.completedDate').titled('竣工日期', 'Completed on'),
    dwellingStatus: from('hcb.dwelling.status').titled('房屋状态', 'Status of the dwelling'),

    owners: list('nrb.real-estate-title', ['ownerName', 'ownerId', 'coOwnership', 'share'], ['ownerId']).titled(
      '权利人',
      'Owners',
    ),
    ownerCount: count('nrb.real-estate-title').titled('权利人数', 'Number of owners'),
    coOwnership: from('nrb.real-estate-title.coOwnership').titled('共有方式', 'Form of co-ownership'),
    certificateNo: from('nrb.real-estate-title.certificateNo').titled('不动产权证号', 'Number of the certificate'),
    titleRegisteredDate: from('nrb.real-estate-title.registeredDate').titled('权利登记时间', 'Title registered on'),
    isMortgaged: from('nrb.real-estate-title.isMortgaged').titled('是否抵押', 'Mortgaged'),
    isSeized: from('nrb.real-estate-title.isSeized').titled('是否查封', 'Seized'),

    publicRentalActive: inForce('hcb.public-rental').titled('公租房在租', 'Let as public rental housing'),
    tenantId: from('hcb.public-rental.tenantId').titled('承租人身份号码', "Tenant's id"),
    tenantName: from('hcb.public-rental.tenantName').titled('承租人姓名', "Tenant's name"),
    monthlyRent: from('hcb.public-rental.monthlyRent').titled('月租金', 'Monthly rent'),
    leaseUntil: from('hcb.public-rental.leaseUntil').titled('租期止', 'Lease until'),
  },
});
