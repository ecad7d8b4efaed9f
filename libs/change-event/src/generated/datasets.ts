// Generated from schemas/ by `npm run generate`. DO NOT EDIT.
import type { AvroRecordSchema, DatasetDeclaration } from '../dataset-declaration.ts';

/** 市场主体登记 Market entity registration. */
export interface EnterpriseRegistrationData {
  /** 统一社会信用代码 Unified social credit code. */
  readonly creditCode: string;
  /** 名称 Name. */
  readonly name: string;
  /** 注册号 Registration number. */
  readonly registrationNo: string | null;
  /** 组织机构代码 Organisation code. */
  readonly organisationCode: string | null;
  /** 市场主体类型 Kind of entity. */
  readonly enterpriseType: string | null;
  /** 经济类型代码 Economic type. */
  readonly economicTypeCode: string | null;
  /** 行业代码 Industry. */
  readonly industryCode: string | null;
  /** 法定代表人 Legal representative. */
  readonly legalRepresentative: string | null;
  /** 法定代表人身份号码 Id of the legal representative. */
  readonly legalRepresentativeId: string | null;
  /** 注册资本 Registered capital. */
  readonly registeredCapital: string | null;
  /** 注册资本原文 Registered capital as published. */
  readonly registeredCapitalText: string | null;
  /** 币种 Currency. */
  readonly capitalCurrency: string | null;
  /** 经营范围 Scope of business. */
  readonly businessScope: string | null;
  /** 成立日期 Date of foundation. */
  readonly foundedDate: string | null;
  /** 核准日期 Date of approval. */
  readonly approvedDate: string | null;
  /** 经营期限至 In business until. */
  readonly businessUntil: string | null;
  /** 所在省份 Province. */
  readonly province: string | null;
  /** 所在城市 City. */
  readonly city: string | null;
  /** 住所 Domicile. */
  readonly address: string | null;
  /** 行政区划代码 Division code. */
  readonly divisionCode: string | null;
  /** 生产经营地址 Place of business. */
  readonly businessAddress: string | null;
  /** 登记机关 Registration authority. */
  readonly registrationAuthority: string | null;
  /** 登记业务类型 Kind of registration. */
  readonly registrationBusinessType: string | null;
  /** 机构状态 Status. */
  readonly status: string | null;
  /** 联系电话 Telephone. */
  readonly phone: string | null;
}

/** 残疾人证 Disability certificate. */
export interface DisabilityCertificateData {
  /** 持证人身份号码 Holder's id. */
  readonly citizenId: string;
  /** 残疾人证号 Certificate number. */
  readonly certificateNo: string;
  /** 姓名 Name. */
  readonly name: string | null;
  /** 性别 Sex. */
  readonly sex: string | null;
  /** 民族 Ethnic group. */
  readonly ethnicity: string | null;
  /** 出生日期 Date of birth. */
  readonly birthDate: string | null;
  /** 残疾类别 Category of disability. */
  readonly category: string | null;
  /** 残疾等级 Level of disability. */
  readonly level: string | null;
  /** 是否多重残疾 Multiple disabilities. */
  readonly isMultiple: boolean | null;
  /** 监护人姓名 Guardian's name. */
  readonly guardianName: string | null;
  /** 监护人身份号码 Guardian's id. */
  readonly guardianId: string | null;
  /** 监护人电话 Guardian's telephone. */
  readonly guardianPhone: string | null;
  /** 户籍地址 Registered address. */
  readonly householdAddress: string | null;
  /** 现住址 Address of residence. */
  readonly residenceAddress: string | null;
  /** 户籍地行政区划代码 Division code of the registered address. */
  readonly divisionCode: string | null;
  /** 评定机构 Assessing institution. */
  readonly assessingInstitution: string | null;
  /** 批准残联 Issuing federation. */
  readonly issuingAuthority: string | null;
  /** 发证日期 Date of issue. */
  readonly issuedDate: string | null;
  /** 有效期止 Date of expiry. */
  readonly expiryDate: string | null;
  /** 证件状态 Status. */
  readonly status: string | null;
}

/** 房屋楼盘 Dwelling. */
export interface DwellingData {
  /** 不动产单元代码 Estate unit number. */
  readonly estateUnitNo: string;
  /** 原不动产单元代码 Former estate unit number. */
  readonly formerEstateUnitNo: string | null;
  /** 房屋坐落 Address. */
  readonly address: string | null;
  /** 行政区划代码 Division code. */
  readonly divisionCode: string | null;
  /** 乡镇街道代码 Township code. */
  readonly townshipCode: string | null;
  /** 小区名称 Name of the estate. */
  readonly estateName: string | null;
  /** 幢号 Building. */
  readonly buildingNo: string | null;
  /** 单元号 Entrance. */
  readonly entranceNo: string | null;
  /** 户室号 Room. */
  readonly roomNo: string | null;
  /** 所在层 Floor. */
  readonly floor: number | null;
  /** 总层数 Floors of the building. */
  readonly totalFloors: number | null;
  /** 户型 Layout. */
  readonly layout: string | null;
  /** 房屋结构 Structure. */
  readonly structure: string | null;
  /** 规划用途 Planned use. */
  readonly plannedUse: string | null;
  /** 房屋性质 Nature of the house. */
  readonly houseNature: string | null;
  /** 建筑面积 Building area. */
  readonly buildingArea: string | null;
  /** 套内面积 Inner area. */
  readonly innerArea: string | null;
  /** 经度 Longitude. */
  readonly longitude: number | null;
  /** 纬度 Latitude. */
  readonly latitude: number | null;
  /** 竣工日期 Completed on. */
  readonly completedDate: string | null;
  /** 开发企业 Developer. */
  readonly developerName: string | null;
  /** 开发企业统一社会信用代码 Credit code of the developer. */
  readonly developerCreditCode: string | null;
  /** 备案合同号 Number of the filed contract. */
  readonly contractNo: string | null;
  /** 合同备案日期 Contract filed on. */
  readonly contractFiledDate: string | null;
  /** 房屋状态 Status. */
  readonly status: string | null;
}

/** 公共租赁住房 Public rental housing. */
export interface PublicRentalData {
  /** 不动产单元代码 Estate unit number. */
  readonly estateUnitNo: string;
  /** 租赁合同号 Number of the lease. */
  readonly contractNo: string;
  /** 承租人身份号码 Tenant's id. */
  readonly tenantId: string | null;
  /** 承租人姓名 Tenant's name. */
  readonly tenantName: string | null;
  /** 承租人电话 Tenant's telephone. */
  readonly tenantPhone: string | null;
  /** 共同居住人数 Number of occupants. */
  readonly occupantCount: number | null;
  /** 项目名称 Name of the project. */
  readonly projectName: string | null;
  /** 房屋坐落 Address. */
  readonly address: string | null;
  /** 行政区划代码 Division code. */
  readonly divisionCode: string | null;
  /** 建筑面积 Building area. */
  readonly buildingArea: string | null;
  /** 月租金 Monthly rent. */
  readonly monthlyRent: string | null;
  /** 月租赁补贴 Monthly rent subsidy. */
  readonly subsidyAmount: string | null;
  /** 押金 Deposit. */
  readonly depositAmount: string | null;
  /** 租期起 Lease from. */
  readonly leaseFrom: string | null;
  /** 租期止 Lease until. */
  readonly leaseUntil: string | null;
  /** 入住日期 Moved in on. */
  readonly movedInDate: string | null;
  /** 腾退日期 Moved out on. */
  readonly movedOutDate: string | null;
  /** 租金缴至 Rent paid through. */
  readonly rentPaidThrough: string | null;
  /** 欠租金额 Rent in arrears. */
  readonly arrearsAmount: string | null;
  /** 保障对象类别 Kind of eligibility. */
  readonly eligibilityKind: string | null;
  /** 资格确认日期 Eligibility confirmed on. */
  readonly eligibilityConfirmedDate: string | null;
  /** 租赁状态 Status of the lease. */
  readonly status: string | null;
  /** 运营单位 Managing unit. */
  readonly managingUnit: string | null;
  /** 运营单位统一社会信用代码 Credit code of the managing unit. */
  readonly managingUnitCreditCode: string | null;
}

/** 住房公积金 Housing provident fund. */
export interface ProvidentFundData {
  /** 职工身份号码 Employee's id. */
  readonly citizenId: string;
  /** 姓名 Name. */
  readonly name: string | null;
  /** 个人账号 Account number. */
  readonly accountNo: string;
  /** 单位名称 Employer. */
  readonly employerName: string | null;
  /** 单位统一社会信用代码 Credit code of the employer. */
  readonly employerCreditCode: string | null;
  /** 账户状态 Status of the account. */
  readonly status: string | null;
  /** 开户日期 Opened on. */
  readonly openedDate: string | null;
  /** 缴存基数 Contribution base. */
  readonly contributionBase: string | null;
  /** 单位缴存比例 Employer's rate. */
  readonly employerRatePercent: number | null;
  /** 个人缴存比例 Personal rate. */
  readonly personalRatePercent: number | null;
  /** 月缴存额 Monthly contribution. */
  readonly monthlyContribution: string | null;
  /** 缴至月份 Paid through. */
  readonly paidThroughMonth: string | null;
  /** 账户余额 Balance. */
  readonly balance: string | null;
  /** 最近提取日期 Last withdrawal on. */
  readonly lastWithdrawnDate: string | null;
  /** 最近提取金额 Last withdrawal. */
  readonly lastWithdrawnAmount: string | null;
  /** 提取原因 Ground of withdrawal. */
  readonly withdrawalGround: string | null;
  /** 贷款合同号 Loan contract. */
  readonly loanContractNo: string | null;
  /** 贷款金额 Loan. */
  readonly loanAmount: string | null;
  /** 贷款余额 Outstanding loan. */
  readonly loanBalance: string | null;
  /** 销户日期 Closed on. */
  readonly closedDate: string | null;
  /** 联系电话 Telephone. */
  readonly phone: string | null;
}

/** 社会保险参保缴费 Social insurance. */
export interface InsuranceData {
  /** 参保人身份号码 Id of the insured. */
  readonly citizenId: string;
  /** 姓名 Name. */
  readonly name: string | null;
  /** 性别 Sex. */
  readonly sex: string | null;
  /** 出生日期 Date of birth. */
  readonly birthDate: string | null;
  /** 险种 Scheme. */
  readonly scheme: string;
  /** 个人编号 Personal number. */
  readonly personalNo: string | null;
  /** 参保身份 Kind of participation. */
  readonly identityKind: string | null;
  /** 单位名称 Employer. */
  readonly employerName: string | null;
  /** 单位统一社会信用代码 Credit code of the employer. */
  readonly employerCreditCode: string | null;
  /** 缴费状态 Status of contribution. */
  readonly status: string | null;
  /** 参保日期 Joined on. */
  readonly joinedDate: string | null;
  /** 缴至月份 Paid through. */
  readonly paidThroughMonth: string | null;
  /** 缴费基数 Contribution base. */
  readonly contributionBase: string | null;
  /** 个人缴费额 Personal contribution. */
  readonly personalContribution: string | null;
  /** 单位缴费额 Employer's contribution. */
  readonly employerContribution: string | null;
  /** 累计缴费月数 Months of contribution. */
  readonly contributionMonths: number | null;
  /** 个人账户余额 Balance of the personal account. */
  readonly accountBalance: string | null;
  /** 停保日期 Suspended on. */
  readonly suspendedDate: string | null;
  /** 经办机构 Agency. */
  readonly agency: string | null;
  /** 行政区划代码 Division code. */
  readonly divisionCode: string | null;
}

/** 养老待遇核定 Pension entitlement. */
export interface PensionEntitlementData {
  /** 参保人身份号码 Id of the insured. */
  readonly citizenId: string;
  /** 姓名 Name. */
  readonly name: string | null;
  /** 出生日期 Date of birth. */
  readonly birthDate: string | null;
  /** 性别 Sex. */
  readonly sex: string | null;
  /** 险种 Scheme. */
  readonly scheme: string | null;
  /** 待遇类别 Kind of benefit. */
  readonly benefitType: string | null;
  /** 待遇核定编号 Number of the entitlement. */
  readonly entitlementNo: string | null;
  /** 退休日期 Date of retirement. */
  readonly retiredDate: string | null;
  /** 核定日期 Date of approval. */
  readonly approvedDate: string | null;
  /** 首发月 First month paid. */
  readonly firstPaidMonth: string | null;
  /** 月待遇金额 Monthly amount. */
  readonly monthlyAmount: string | null;
  /** 缴费月数 Months of contribution. */
  readonly contributionMonths: number | null;
  /** 发放状态 Status of payment. */
  readonly status: string;
  /** 停发日期 Stopped on. */
  readonly stoppedDate: string | null;
  /** 停发原因 Reason for stopping. */
  readonly stopReason: string | null;
  /** 资格认证日期 Eligibility verified on. */
  readonly verifiedDate: string | null;
  /** 资格认证方式 Way of verification. */
  readonly verificationMethod: string | null;
  /** 原单位名称 Former employer. */
  readonly employerName: string | null;
  /** 原单位统一社会信用代码 Credit code of the former employer. */
  readonly employerCreditCode: string | null;
  /** 开户行 Bank. */
  readonly bankName: string | null;
  /** 银行账号 Bank account. */
  readonly bankAccountNo: string | null;
  /** 经办机构 Agency. */
  readonly agency: string | null;
  /** 行政区划代码 Division code. */
  readonly divisionCode: string | null;
}

/** 养老待遇发放 Pension payment. */
export interface PensionPaymentData {
  /** 参保人身份号码 Id of the insured. */
  readonly citizenId: string;
  /** 姓名 Name. */
  readonly name: string | null;
  /** 待遇所属月 Month the payment is for. */
  readonly month: string;
  /** 发放金额 Amount paid. */
  readonly amount: string;
  /** 险种 Scheme. */
  readonly scheme: string | null;
  /** 待遇类别 Kind of benefit. */
  readonly benefitType: string | null;
  /** 待遇核定编号 Number of the entitlement. */
  readonly entitlementNo: string | null;
  /** 基础养老金 Basic pension. */
  readonly basicAmount: string | null;
  /** 个人账户养老金 Pension from the personal account. */
  readonly accountAmount: string | null;
  /** 调整增加额 Adjustments. */
  readonly adjustmentAmount: string | null;
  /** 补发额 Back-pay included. */
  readonly backPayAmount: string | null;
  /** 扣减额 Deductions. */
  readonly deductedAmount: string | null;
  /** 发放日期 Paid on. */
  readonly paidDate: string | null;
  /** 发放批次号 Payment batch. */
  readonly batchNo: string | null;
  /** 开户行 Bank. */
  readonly bankName: string | null;
  /** 银行账号 Bank account. */
  readonly bankAccountNo: string | null;
  /** 发放结果 Result. */
  readonly result: string | null;
  /** 退回日期 Returned on. */
  readonly returnedDate: string | null;
  /** 经办机构 Agency. */
  readonly agency: string | null;
  /** 行政区划代码 Division code. */
  readonly divisionCode: string | null;
}

/** 火化登记 Cremation. */
export interface CremationData {
  /** 逝者公民身份号码 Citizen id of the deceased. */
  readonly citizenId: string;
  /** 火化证明编号 Number of the cremation certificate. */
  readonly certificateNo: string | null;
  /** 姓名 Name. */
  readonly name: string | null;
  /** 性别 Sex. */
  readonly sex: string | null;
  /** 出生日期 Date of birth. */
  readonly birthDate: string | null;
  /** 死亡日期 Date of death. */
  readonly deathDate: string | null;
  /** 火化日期 Date of cremation. */
  readonly crematedDate: string;
  /** 火化时间 Time of cremation. */
  readonly crematedAt: number | null;
  /** 死亡证明编号 Number of the death certificate. */
  readonly deathCertificateNo: string | null;
  /** 殡仪馆名称 Funeral home. */
  readonly funeralHomeName: string | null;
  /** 殡仪馆统一社会信用代码 Credit code of the funeral home. */
  readonly funeralHomeCreditCode: string | null;
  /** 户籍地址 Registered address. */
  readonly householdAddress: string | null;
  /** 户籍地行政区划代码 Division code of the registered address. */
  readonly divisionCode: string | null;
  /** 骨灰去向 Disposal of the ashes. */
  readonly ashesDisposal: string | null;
  /** 经办人姓名 Name of the person who arranged it. */
  readonly handlerName: string | null;
  /** 经办人身份号码 Id of the person who arranged it. */
  readonly handlerId: string | null;
  /** 经办人与逝者关系 Relation of that person to the deceased. */
  readonly handlerRelation: string | null;
  /** 经办人电话 Telephone of that person. */
  readonly handlerPhone: string | null;
  /** 发证日期 Date of issue. */
  readonly issuedDate: string | null;
}

/** 最低生活保障 Minimum living guarantee. */
export interface DibaoHouseholdData {
  /** 成员身份号码 Member's id. */
  readonly citizenId: string;
  /** 姓名 Name. */
  readonly name: string | null;
  /** 低保家庭编号 Number of the household. */
  readonly householdNo: string;
  /** 申请人身份号码 Applicant's id. */
  readonly applicantId: string | null;
  /** 与申请人关系 Relation to the applicant. */
  readonly relation: string | null;
  /** 共同生活成员人数 Number of members. */
  readonly memberCount: number | null;
  /** 救助类别 Kind of assistance. */
  readonly assistanceKind: string | null;
  /** 户籍地址 Registered address. */
  readonly householdAddress: string | null;
  /** 居住地址 Address of residence. */
  readonly residenceAddress: string | null;
  /** 审核确认机关行政区划代码 Division code of the confirming office. */
  readonly divisionCode: string | null;
  /** 工资性收入 Wage income. */
  readonly wageIncome: string | null;
  /** 经营净收入 Net business income. */
  readonly businessIncome: string | null;
  /** 财产净收入 Net property income. */
  readonly propertyIncome: string | null;
  /** 转移净收入 Net transfer income. */
  readonly transferIncome: string | null;
  /** 人均月收入 Income per head. */
  readonly perCapitaIncome: string | null;
  /** 家庭月保障金额 Monthly amount of the household. */
  readonly monthlyAmount: string | null;
  /** 个人月保障金额 Monthly amount of the member. */
  readonly memberAmount: string | null;
  /** 核对授权书编号 Number of the authorisation to check. */
  readonly authorisationNo: string | null;
  /** 受理日期 Date of acceptance. */
  readonly acceptedDate: string | null;
  /** 确认日期 Date of confirmation. */
  readonly confirmedDate: string | null;
  /** 起发日期 Paid from. */
  readonly paidFromDate: string | null;
  /** 下次核查日期 Next review due. */
  readonly reviewDueDate: string | null;
  /** 保障状态 Status. */
  readonly status: string | null;
  /** 停发原因 Reason for stopping. */
  readonly stopReason: string | null;
}

/** 婚姻登记 Marriage registration. */
export interface MarriageData {
  /** 本人身份号码 Own id. */
  readonly citizenId: string;
  /** 姓名 Name. */
  readonly name: string | null;
  /** 性别 Sex. */
  readonly sex: string | null;
  /** 出生日期 Date of birth. */
  readonly birthDate: string | null;
  /** 国籍 Nationality. */
  readonly nationality: string | null;
  /** 婚姻状况 Marital status. */
  readonly maritalStatus: string;
  /** 配偶身份号码 Spouse's id. */
  readonly spouseId: string | null;
  /** 配偶姓名 Spouse's name. */
  readonly spouseName: string | null;
  /** 配偶国籍 Spouse's nationality. */
  readonly spouseNationality: string | null;
  /** 配偶其他证件号码 Number of the spouse's other document. */
  readonly spouseDocumentNo: string | null;
  /** 结婚证或离婚证字号 Number of the certificate. */
  readonly certificateNo: string | null;
  /** 登记日期 Date of registration. */
  readonly registeredDate: string | null;
  /** 婚姻登记机关 Registration authority. */
  readonly registrationAuthority: string | null;
  /** 登记机关行政区划代码 Division code of the authority. */
  readonly divisionCode: string | null;
  /** 法律文书号 Number of the court document. */
  readonly courtDocumentNo: string | null;
  /** 户籍地址 Registered address. */
  readonly householdAddress: string | null;
}

/** 社会组织登记 Social organisation registration. */
export interface SocialOrganisationData {
  /** 统一社会信用代码 Unified social credit code. */
  readonly creditCode: string;
  /** 名称 Name. */
  readonly name: string;
  /** 社会组织类别 Kind of organisation. */
  readonly organisationKind: string | null;
  /** 法定代表人或负责人 Legal representative. */
  readonly legalRepresentative: string | null;
  /** 法定代表人身份号码 Id of the legal representative. */
  readonly legalRepresentativeId: string | null;
  /** 活动资金、开办资金或原始基金 Funds at registration. */
  readonly registeredCapital: string | null;
  /** 宗旨 Purpose. */
  readonly purpose: string | null;
  /** 业务范围 Scope of activity. */
  readonly businessScope: string | null;
  /** 活动地域 Area of activity. */
  readonly activityArea: string | null;
  /** 住所 Domicile. */
  readonly address: string | null;
  /** 行政区划代码 Division code. */
  readonly divisionCode: string | null;
  /** 业务主管单位 Supervising unit. */
  readonly supervisingUnit: string | null;
  /** 业务主管单位统一社会信用代码 Credit code of the supervising unit. */
  readonly supervisingUnitCreditCode: string | null;
  /** 登记管理机关 Registration authority. */
  readonly registrationAuthority: string | null;
  /** 成立日期 Date of foundation. */
  readonly foundedDate: string | null;
  /** 核准日期 Date of approval. */
  readonly approvedDate: string | null;
  /** 登记证书有效期止 Expiry of the certificate. */
  readonly certificateExpiryDate: string | null;
  /** 年检结论 Result of the annual inspection. */
  readonly annualInspectionResult: string | null;
  /** 机构状态 Status. */
  readonly status: string | null;
  /** 联系电话 Telephone. */
  readonly phone: string | null;
}

/** 出生医学证明 Birth certificate. */
export interface BirthData {
  /** 新生儿公民身份号码 Child's citizen id. */
  readonly citizenId: string;
  /** 出生医学证明编号 Certificate number. */
  readonly certificateNo: string | null;
  /** 姓名 Name. */
  readonly name: string | null;
  /** 性别 Sex. */
  readonly sex: string | null;
  /** 出生日期 Date of birth. */
  readonly birthDate: string | null;
  /** 出生时间 Time of birth. */
  readonly birthAt: number | null;
  /** 出生地点 Place of birth. */
  readonly birthplace: string | null;
  /** 出生孕周 Weeks of gestation. */
  readonly gestationWeeks: number | null;
  /** 出生体重 Weight at birth. */
  readonly birthWeightGrams: number | null;
  /** 出生身长 Length at birth. */
  readonly birthLengthCm: number | null;
  /** 接生机构名称 Institution. */
  readonly institutionName: string | null;
  /** 接生机构统一社会信用代码 Credit code of the institution. */
  readonly institutionCreditCode: string | null;
  /** 母亲身份号码 Mother's id. */
  readonly motherId: string | null;
  /** 母亲姓名 Mother's name. */
  readonly motherName: string | null;
  /** 母亲民族 Mother's ethnic group. */
  readonly motherEthnicity: string | null;
  /** 父亲身份号码 Father's id. */
  readonly fatherId: string | null;
  /** 父亲姓名 Father's name. */
  readonly fatherName: string | null;
  /** 父亲民族 Father's ethnic group. */
  readonly fatherEthnicity: string | null;
  /** 家庭现住址 Family's address. */
  readonly residenceAddress: string | null;
  /** 行政区划代码 Division code. */
  readonly divisionCode: string | null;
  /** 签发日期 Date of issue. */
  readonly issuedDate: string | null;
}

/** 死亡医学证明 Death certificate. */
export interface DeathCertificateData {
  /** 逝者公民身份号码 Citizen id of the deceased. */
  readonly citizenId: string;
  /** 死亡证明编号 Certificate number. */
  readonly certificateNo: string | null;
  /** 姓名 Name. */
  readonly name: string | null;
  /** 性别 Sex. */
  readonly sex: string | null;
  /** 民族 Ethnic group. */
  readonly ethnicity: string | null;
  /** 出生日期 Date of birth. */
  readonly birthDate: string | null;
  /** 死亡日期 Date of death. */
  readonly deathDate: string;
  /** 死亡时间 Time of death. */
  readonly deathAt: number | null;
  /** 死亡地点 Place of death. */
  readonly deathPlace: string | null;
  /** 根本死因 Underlying cause of death. */
  readonly causeOfDeath: string | null;
  /** 根本死因编码 Code of the cause. */
  readonly causeCode: string | null;
  /** 签发机构名称 Certifying institution. */
  readonly institutionName: string | null;
  /** 签发机构统一社会信用代码 Credit code of the institution. */
  readonly institutionCreditCode: string | null;
  /** 签发医师 Certifying doctor. */
  readonly doctorName: string | null;
  /** 婚姻状况 Marital status. */
  readonly maritalStatus: string | null;
  /** 生前职业 Occupation. */
  readonly occupation: string | null;
  /** 户籍地址 Registered address. */
  readonly householdAddress: string | null;
  /** 生前常住地址 Address of residence. */
  readonly residenceAddress: string | null;
  /** 户籍地行政区划代码 Division code of the registered address. */
  readonly divisionCode: string | null;
  /** 申报人姓名 Informant's name. */
  readonly informantName: string | null;
  /** 申报人与逝者关系 Informant's relation to the deceased. */
  readonly informantRelation: string | null;
  /** 申报人电话 Informant's telephone. */
  readonly informantPhone: string | null;
  /** 签发日期 Date of issue. */
  readonly issuedDate: string | null;
}

/** 不动产权利 Real estate title. */
export interface RealEstateTitleData {
  /** 不动产单元代码 Estate unit number. */
  readonly estateUnitNo: string;
  /** 原不动产单元代码 Former estate unit number. */
  readonly formerEstateUnitNo: string | null;
  /** 权利人名称 Name of the owner. */
  readonly ownerName: string;
  /** 权利人证件号码 Owner's document number. */
  readonly ownerId: string | null;
  /** 权利人证件种类 Kind of the owner's document. */
  readonly ownerIdType: string | null;
  /** 权利人类型 Kind of owner. */
  readonly ownerType: string | null;
  /** 共有方式 Form of co-ownership. */
  readonly coOwnership: string | null;
  /** 权利比例 Share. */
  readonly share: string | null;
  /** 不动产权证号 Number of the certificate. */
  readonly certificateNo: string | null;
  /** 业务号 Business number. */
  readonly businessNo: string | null;
  /** 上手业务号 Previous business number. */
  readonly previousBusinessNo: string | null;
  /** 权利类型 Kind of right. */
  readonly rightType: string | null;
  /** 登记类型 Kind of registration. */
  readonly registrationType: string | null;
  /** 坐落 Location. */
  readonly location: string | null;
  /** 行政区划代码 Division code. */
  readonly divisionCode: string | null;
  /** 规划用途 Planned use. */
  readonly plannedUse: string | null;
  /** 房屋性质 Nature of the house. */
  readonly houseNature: string | null;
  /** 房屋结构 Structure. */
  readonly structure: string | null;
  /** 建筑面积 Building area. */
  readonly buildingArea: string | null;
  /** 专有建筑面积 Exclusive area. */
  readonly exclusiveArea: string | null;
  /** 土地使用期限止 Land may be used until. */
  readonly landUseUntil: string | null;
  /** 交易价格 Price. */
  readonly transactionPrice: string | null;
  /** 登记时间 Registered on. */
  readonly registeredDate: string | null;
  /** 是否抵押 Mortgaged. */
  readonly isMortgaged: boolean | null;
  /** 是否查封 Seized. */
  readonly isSeized: boolean | null;
}

/** 户籍登记 Household register. */
export interface HouseholdRegisterData {
  /** 公民身份号码 Citizen id. */
  readonly citizenId: string;
  /** 姓名 Name. */
  readonly name: string;
  /** 曾用名 Former name. */
  readonly formerName: string | null;
  /** 性别 Sex. */
  readonly sex: string | null;
  /** 民族 Ethnic group. */
  readonly ethnicity: string | null;
  /** 出生日期 Date of birth. */
  readonly birthDate: string | null;
  /** 出生地 Place of birth. */
  readonly birthplace: string | null;
  /** 籍贯 Native place. */
  readonly nativePlace: string | null;
  /** 户号 Household number. */
  readonly householdNo: string | null;
  /** 户别 Kind of household. */
  readonly householdType: string | null;
  /** 与户主关系 Relation to the head of household. */
  readonly relationToHead: string | null;
  /** 常住户口所在地住址 Registered address. */
  readonly householdAddress: string | null;
  /** 行政区划代码 Division code. */
  readonly divisionCode: string | null;
  /** 乡镇街道代码 Township code. */
  readonly townshipCode: string | null;
  /** 居(村)委会 Residents or villagers committee. */
  readonly communityName: string | null;
  /** 婚姻状况 Marital status. */
  readonly maritalStatus: string | null;
  /** 文化程度 Education. */
  readonly education: string | null;
  /** 职业 Occupation. */
  readonly occupation: string | null;
  /** 登记日期 Date of registration. */
  readonly registeredDate: string | null;
  /** 何地迁来 Moved in from. */
  readonly movedFrom: string | null;
  /** 迁来日期 Date of moving in. */
  readonly movedInDate: string | null;
  /** 派出所 Police station. */
  readonly policeStation: string | null;
  /** 居民身份证签发机关 Issuing authority of the identity card. */
  readonly issuingAuthority: string | null;
  /** 居民身份证有效期止 Expiry of the identity card. */
  readonly cardExpiryDate: string | null;
}

/** 居住证 Residence permit. */
export interface ResidencePermitData {
  /** 证件持有人号码 Holder id. */
  readonly citizenId: string;
  /** 姓名 Name. */
  readonly name: string;
  /** 证件种类 Kind of permit. */
  readonly permitType: string | null;
  /** 居住证编号 Number of the permit. */
  readonly permitNo: string | null;
  /** 原证件号码 Former card number. */
  readonly formerCardNo: string | null;
  /** 性别 Sex. */
  readonly sex: string | null;
  /** 出生日期 Date of birth. */
  readonly birthDate: string | null;
  /** 民族 Ethnic group. */
  readonly ethnicity: string | null;
  /** 国籍 Nationality. */
  readonly nationality: string | null;
  /** 户籍地址 Registered address elsewhere. */
  readonly homeAddress: string | null;
  /** 户籍地行政区划代码 Division code of the registered address. */
  readonly homeDivisionCode: string | null;
  /** 现居住地址 Address of residence. */
  readonly residenceAddress: string | null;
  /** 居住地行政区划代码 Division code of residence. */
  readonly divisionCode: string | null;
  /** 乡镇街道代码 Township code. */
  readonly townshipCode: string | null;
  /** 居住事由 Reason of residence. */
  readonly residenceReason: string | null;
  /** 来本地日期 Date of arrival. */
  readonly arrivedDate: string | null;
  /** 签发日期 Date of issue. */
  readonly issuedDate: string | null;
  /** 有效期止 Date of expiry. */
  readonly expiryDate: string | null;
  /** 签发机关 Issuing authority. */
  readonly issuingAuthority: string | null;
  /** 从业单位 Employer. */
  readonly employerName: string | null;
  /** 联系电话 Telephone. */
  readonly phone: string | null;
}

/** 机动车登记 Vehicle registration. */
export interface VehicleData {
  /** 所有人身份号码 Owner's id. */
  readonly citizenId: string;
  /** 所有人姓名 Name of the owner. */
  readonly ownerName: string | null;
  /** 号牌号码 Plate number. */
  readonly plateNo: string;
  /** 号牌种类 Kind of plate. */
  readonly plateType: string | null;
  /** 车辆类型 Kind of vehicle. */
  readonly vehicleType: string | null;
  /** 品牌 Brand. */
  readonly brand: string | null;
  /** 型号 Model. */
  readonly model: string | null;
  /** 车辆识别代号 Vehicle identification number. */
  readonly vin: string | null;
  /** 发动机号 Engine number. */
  readonly engineNo: string | null;
  /** 使用性质 Use. */
  readonly usage: string | null;
  /** 车身颜色 Colour. */
  readonly colour: string | null;
  /** 核定载客数 Seats. */
  readonly seats: number | null;
  /** 购置价格 Purchase price. */
  readonly purchasePrice: string | null;
  /** 初次登记日期 First registered. */
  readonly firstRegisteredDate: string | null;
  /** 行驶证发证日期 Licence issued. */
  readonly licenceIssuedDate: string | null;
  /** 检验有效期止 Inspection valid until. */
  readonly inspectionExpiryDate: string | null;
  /** 强制报废期止 Must be scrapped by. */
  readonly scrapDueDate: string | null;
  /** 是否抵押 Mortgaged. */
  readonly isMortgaged: boolean | null;
  /** 机动车状态 Status. */
  readonly status: string | null;
  /** 登记机关 Registration authority. */
  readonly registrationAuthority: string | null;
  /** 行政区划代码 Division code. */
  readonly divisionCode: string | null;
}

/** 机关事业单位登记 Institution registration. */
export interface InstitutionRegistrationData {
  /** 统一社会信用代码 Unified social credit code. */
  readonly creditCode: string;
  /** 名称 Name. */
  readonly name: string;
  /** 机构类别 Kind of institution. */
  readonly institutionKind: string | null;
  /** 其他名称 Other names. */
  readonly otherNames: string | null;
  /** 组织机构代码 Organisation code. */
  readonly organisationCode: string | null;
  /** 法定代表人 Legal representative. */
  readonly legalRepresentative: string | null;
  /** 宗旨和业务范围 Purpose and scope. */
  readonly businessScope: string | null;
  /** 经费来源 Source of funds. */
  readonly fundingSource: string | null;
  /** 开办资金 Starting funds. */
  readonly startingFunds: string | null;
  /** 举办单位 Sponsor. */
  readonly sponsor: string | null;
  /** 举办单位统一社会信用代码 Credit code of the sponsor. */
  readonly sponsorCreditCode: string | null;
  /** 住所 Domicile. */
  readonly address: string | null;
  /** 行政区划代码 Division code. */
  readonly divisionCode: string | null;
  /** 登记管理机关 Registration authority. */
  readonly registrationAuthority: string | null;
  /** 成立日期 Date of foundation. */
  readonly foundedDate: string | null;
  /** 核准日期 Date of approval. */
  readonly approvedDate: string | null;
  /** 证书有效期止 Expiry of the certificate. */
  readonly certificateExpiryDate: string | null;
  /** 编制数 Authorised staff. */
  readonly staffQuota: number | null;
  /** 机构状态 Status. */
  readonly status: string | null;
  /** 联系电话 Telephone. */
  readonly phone: string | null;
}

const enterpriseRegistrationSchema: AvroRecordSchema = {"type":"record","name":"EnterpriseRegistration","namespace":"cn.huitong.amr","doc":"市场主体(企业、个体工商户、农民专业合作社)登记; 吊销不等于注销, 注销才终止记录。 Registration of enterprises, sole traders and cooperatives; a revoked licence leaves the entity in being, only de-registration ceases the record.","huitong":{"dataset":"amr.enterprise-registration","title":{"zh":"市场主体登记","en":"Market entity registration"},"subjectKey":"creditCode","subjectCheck":"credit-code","reasons":{"INITIAL_LOAD":"初始装载","FOUNDED":"设立登记","CHANGED":"变更登记","SUSPENDED":"歇业备案","RESUMED":"恢复营业","LISTED_ABNORMAL":"列入经营异常名录","DELISTED_ABNORMAL":"移出经营异常名录","LICENCE_REVOKED":"吊销营业执照","DEREGISTERED":"注销登记","REGISTRATION_CANCELLED":"撤销登记","CLERICAL_ERROR":"录入差错"},"annulmentDays":90,"sharing":"conditional","legalBasis":"市场主体登记管理条例第八条、第二十一条、第二十四条、第三十条、第三十一条"},"fields":[{"name":"event_id","type":{"type":"string","logicalType":"uuid"},"doc":"事件标识 UUIDv7; the key of idempotency"},{"name":"verb","type":{"type":"enum","name":"Verb","symbols":["CREATED","CORRECTED","ANNULLED","CEASED"]},"doc":"动作 corrected: was wrong; ceased: was right, is over; annulled: never was"},{"name":"previous_event_id","type":["null","string"],"default":null,"doc":"前一事件 the event that this one corrects or annuls"},{"name":"reason","type":"string","doc":"变更原因 one of the reasons of this dataset"},{"name":"source_record_id","type":"string","doc":"源记录标识 the department's own key"},{"name":"source_version","type":"long","doc":"源记录版本 grows with every change of the record"},{"name":"valid_from","type":["null",{"type":"int","logicalType":"date"}],"default":null,"doc":"生效日期 true in the world from this day"},{"name":"valid_to","type":["null",{"type":"int","logicalType":"date"}],"default":null,"doc":"失效日期 true in the world until this day"},{"name":"recorded_at","type":{"type":"long","logicalType":"timestamp-millis"},"doc":"入库时间 when the source committed it; freshness is measured from here"},{"name":"data","type":["null",{"type":"record","name":"EnterpriseRegistrationData","fields":[{"name":"creditCode","type":"string","check":"credit-code","doc":"统一社会信用代码 Unified social credit code; GB 32100-2015; the subject"},{"name":"name","type":"string","doc":"名称 Name"},{"name":"registrationNo","type":["null","string"],"default":null,"check":"registration-number","doc":"注册号 Registration number; GS 15-2006, older entities"},{"name":"organisationCode","type":["null","string"],"default":null,"check":"organisation-code","doc":"组织机构代码 Organisation code; GB 11714-1997"},{"name":"enterpriseType","type":["null","string"],"default":null,"doc":"市场主体类型 Kind of entity; free text as published"},{"name":"economicTypeCode","type":["null","string"],"default":null,"doc":"经济类型代码 Economic type; GB/T 12402"},{"name":"industryCode","type":["null","string"],"default":null,"doc":"行业代码 Industry; GB/T 4754"},{"name":"legalRepresentative","type":["null","string"],"default":null,"doc":"法定代表人 Legal representative; or the operator, partner or investor in charge"},{"name":"legalRepresentativeId","type":["null","string"],"default":null,"check":"person-id","doc":"法定代表人身份号码 Id of the legal representative; GB 11643-1999"},{"name":"registeredCapital","type":["null","string"],"default":null,"numeric":true,"doc":"注册资本 Registered capital; in units, not ten thousands, of capitalCurrency"},{"name":"registeredCapitalText","type":["null","string"],"default":null,"doc":"注册资本原文 Registered capital as published"},{"name":"capitalCurrency","type":["null","string"],"default":null,"doc":"币种 Currency; three letters, ISO 4217"},{"name":"businessScope","type":["null","string"],"default":null,"doc":"经营范围 Scope of business"},{"name":"foundedDate","type":["null",{"type":"int","logicalType":"date"}],"default":null,"doc":"成立日期 Date of foundation; the date of the licence"},{"name":"approvedDate","type":["null",{"type":"int","logicalType":"date"}],"default":null,"doc":"核准日期 Date of approval"},{"name":"businessUntil","type":["null",{"type":"int","logicalType":"date"}],"default":null,"doc":"经营期限至 In business until; null for no limit"},{"name":"province","type":["null","string"],"default":null,"doc":"所在省份 Province"},{"name":"city","type":["null","string"],"default":null,"doc":"所在城市 City"},{"name":"address","type":["null","string"],"default":null,"doc":"住所 Domicile"},{"name":"divisionCode","type":["null","string"],"default":null,"check":"division-code","doc":"行政区划代码 Division code; GB/T 2260 as of the record, so it may be one that no longer exists"},{"name":"businessAddress","type":["null","string"],"default":null,"doc":"生产经营地址 Place of business"},{"name":"registrationAuthority","type":["null","string"],"default":null,"doc":"登记机关 Registration authority"},{"name":"registrationBusinessType","type":["null","string"],"default":null,"doc":"登记业务类型 Kind of registration; GB/T 36104-2018","codes":{"11":"机关","12":"机关内设","90":"其他","01":"设立","02":"变更","03":"注销"}},{"name":"status","type":["null","string"],"default":null,"doc":"机构状态 Status; GB/T 36104-2018","codes":{"1":"正常","2":"异常","3":"吊销","4":"注销/撤销","9":"其他"}},{"name":"phone","type":["null","string"],"default":null,"doc":"联系电话 Telephone"}]}],"default":null,"doc":"数据 null for ANNULLED only"}]};

const disabilityCertificateSchema: AvroRecordSchema = {"type":"record","name":"DisabilityCertificate","namespace":"cn.huitong.dpf","doc":"残疾人联合会核发的残疾人证。 Disability certificates issued by the disabled persons' federation.","huitong":{"dataset":"dpf.disability-certificate","title":{"zh":"残疾人证","en":"Disability certificate"},"subjectKey":"citizenId","subjectCheck":"person-id","reasons":{"INITIAL_LOAD":"初始装载","ISSUED":"核发","RENEWED":"换领","LEVEL_CHANGED":"等级变更","REISSUED":"补办","MOVED":"迁移","CANCELLED":"注销","FROZEN":"冻结","CLERICAL_ERROR":"录入差错"},"annulmentDays":30,"sharing":"conditional","legalBasis":"最低生活保障审核确认办法(民政部, 2021-07-01起施行)第八条; 政务数据共享条例(国务院令第809号, 2025-08-01起施行)第十三条"},"fields":[{"name":"event_id","type":{"type":"string","logicalType":"uuid"},"doc":"事件标识 UUIDv7; the key of idempotency"},{"name":"verb","type":{"type":"enum","name":"Verb","symbols":["CREATED","CORRECTED","ANNULLED","CEASED"]},"doc":"动作 corrected: was wrong; ceased: was right, is over; annulled: never was"},{"name":"previous_event_id","type":["null","string"],"default":null,"doc":"前一事件 the event that this one corrects or annuls"},{"name":"reason","type":"string","doc":"变更原因 one of the reasons of this dataset"},{"name":"source_record_id","type":"string","doc":"源记录标识 the department's own key"},{"name":"source_version","type":"long","doc":"源记录版本 grows with every change of the record"},{"name":"valid_from","type":["null",{"type":"int","logicalType":"date"}],"default":null,"doc":"生效日期 true in the world from this day"},{"name":"valid_to","type":["null",{"type":"int","logicalType":"date"}],"default":null,"doc":"失效日期 true in the world until this day"},{"name":"recorded_at","type":{"type":"long","logicalType":"timestamp-millis"},"doc":"入库时间 when the source committed it; freshness is measured from here"},{"name":"data","type":["null",{"type":"record","name":"DisabilityCertificateData","fields":[{"name":"citizenId","type":"string","check":"person-id","doc":"持证人身份号码 Holder's id; GB 11643-1999; the subject"},{"name":"certificateNo","type":"string","doc":"残疾人证号 Certificate number"},{"name":"name","type":["null","string"],"default":null,"doc":"姓名 Name"},{"name":"sex","type":["null","string"],"default":null,"doc":"性别 Sex; GB/T 2261.1","codes":{"0":"未知","1":"男","2":"女","9":"未说明"}},{"name":"ethnicity","type":["null","string"],"default":null,"doc":"民族 Ethnic group; GB/T 3304-1991","codes":{"10":"朝鲜族","11":"满族","12":"侗族","13":"瑶族","14":"白族","15":"土家族","16":"哈尼族","17":"哈萨克族","18":"傣族","19":"黎族","20":"傈僳族","21":"佤族","22":"畲族","23":"高山族","24":"拉祜族","25":"水族","26":"东乡族","27":"纳西族","28":"景颇族","29":"柯尔克孜族","30":"土族","31":"达斡尔族","32":"仫佬族","33":"羌族","34":"布朗族","35":"撒拉族","36":"毛南族","37":"仡佬族","38":"锡伯族","39":"阿昌族","40":"普米族","41":"塔吉克族","42":"怒族","43":"乌孜别克族","44":"俄罗斯族","45":"鄂温克族","46":"德昂族","47":"保安族","48":"裕固族","49":"京族","50":"塔塔尔族","51":"独龙族","52":"鄂伦春族","53":"赫哲族","54":"门巴族","55":"珞巴族","56":"基诺族","01":"汉族","02":"蒙古族","03":"回族","04":"藏族","05":"维吾尔族","06":"苗族","07":"彝族","08":"壮族","09":"布依族"}},{"name":"birthDate","type":["null",{"type":"int","logicalType":"date"}],"default":null,"doc":"出生日期 Date of birth"},{"name":"category","type":["null","string"],"default":null,"doc":"残疾类别 Category of disability; the department's own wording, no public code list"},{"name":"level","type":["null","string"],"default":null,"doc":"残疾等级 Level of disability; the department's own wording, no public code list"},{"name":"isMultiple","type":["null","boolean"],"default":null,"doc":"是否多重残疾 Multiple disabilities"},{"name":"guardianName","type":["null","string"],"default":null,"doc":"监护人姓名 Guardian's name"},{"name":"guardianId","type":["null","string"],"default":null,"check":"person-id","doc":"监护人身份号码 Guardian's id; GB 11643-1999"},{"name":"guardianPhone","type":["null","string"],"default":null,"doc":"监护人电话 Guardian's telephone"},{"name":"householdAddress","type":["null","string"],"default":null,"doc":"户籍地址 Registered address"},{"name":"residenceAddress","type":["null","string"],"default":null,"doc":"现住址 Address of residence"},{"name":"divisionCode","type":["null","string"],"default":null,"check":"division-code","doc":"户籍地行政区划代码 Division code of the registered address; GB/T 2260 as of the record, so it may be one that no longer exists"},{"name":"assessingInstitution","type":["null","string"],"default":null,"doc":"评定机构 Assessing institution"},{"name":"issuingAuthority","type":["null","string"],"default":null,"doc":"批准残联 Issuing federation"},{"name":"issuedDate","type":["null",{"type":"int","logicalType":"date"}],"default":null,"doc":"发证日期 Date of issue"},{"name":"expiryDate","type":["null",{"type":"int","logicalType":"date"}],"default":null,"doc":"有效期止 Date of expiry"},{"name":"status","type":["null","string"],"default":null,"doc":"证件状态 Status; the department's own wording, no public code list"}]}],"default":null,"doc":"数据 null for ANNULLED only"}]};

const dwellingSchema: AvroRecordSchema = {"type":"record","name":"Dwelling","namespace":"cn.huitong.hcb","doc":"住房城乡建设部门的房屋(户室)档案, 一单元一条。 Dwellings in the building table of the housing bureau: one record per unit.","huitong":{"dataset":"hcb.dwelling","title":{"zh":"房屋楼盘","en":"Dwelling"},"subjectKey":"estateUnitNo","subjectCheck":"estate-unit","reasons":{"INITIAL_LOAD":"初始装载","BUILT":"竣工入库","SURVEYED":"测绘变更","CONTRACT_FILED":"合同备案","USE_CHANGED":"用途变更","SPLIT":"分割","MERGED":"合并","UNIT_RENUMBERED":"不动产单元重新编码","DEMOLISHED":"拆除灭失","CLERICAL_ERROR":"录入差错"},"annulmentDays":90,"sharing":"conditional","legalBasis":"政务数据共享条例(国务院令第809号, 2025-08-01起施行)第十三条、第十九条"},"fields":[{"name":"event_id","type":{"type":"string","logicalType":"uuid"},"doc":"事件标识 UUIDv7; the key of idempotency"},{"name":"verb","type":{"type":"enum","name":"Verb","symbols":["CREATED","CORRECTED","ANNULLED","CEASED"]},"doc":"动作 corrected: was wrong; ceased: was right, is over; annulled: never was"},{"name":"previous_event_id","type":["null","string"],"default":null,"doc":"前一事件 the event that this one corrects or annuls"},{"name":"reason","type":"string","doc":"变更原因 one of the reasons of this dataset"},{"name":"source_record_id","type":"string","doc":"源记录标识 the department's own key"},{"name":"source_version","type":"long","doc":"源记录版本 grows with every change of the record"},{"name":"valid_from","type":["null",{"type":"int","logicalType":"date"}],"default":null,"doc":"生效日期 true in the world from this day"},{"name":"valid_to","type":["null",{"type":"int","logicalType":"date"}],"default":null,"doc":"失效日期 true in the world until this day"},{"name":"recorded_at","type":{"type":"long","logicalType":"timestamp-millis"},"doc":"入库时间 when the source committed it; freshness is measured from here"},{"name":"data","type":["null",{"type":"record","name":"DwellingData","fields":[{"name":"estateUnitNo","type":"string","check":"estate-unit","doc":"不动产单元代码 Estate unit number; GB/T 37346-2019; the subject"},{"name":"formerEstateUnitNo","type":["null","string"],"default":null,"check":"estate-unit","doc":"原不动产单元代码 Former estate unit number; the number this unit had before"},{"name":"address","type":["null","string"],"default":null,"doc":"房屋坐落 Address"},{"name":"divisionCode","type":["null","string"],"default":null,"check":"division-code","doc":"行政区划代码 Division code; GB/T 2260 as of the record, so it may be one that no longer exists"},{"name":"townshipCode","type":["null","string"],"default":null,"doc":"乡镇街道代码 Township code; GB/T 2260 code and three more digits"},{"name":"estateName","type":["null","string"],"default":null,"doc":"小区名称 Name of the estate"},{"name":"buildingNo","type":["null","string"],"default":null,"doc":"幢号 Building"},{"name":"entranceNo","type":["null","string"],"default":null,"doc":"单元号 Entrance"},{"name":"roomNo","type":["null","string"],"default":null,"doc":"户室号 Room"},{"name":"floor","type":["null","int"],"default":null,"doc":"所在层 Floor"},{"name":"totalFloors","type":["null","int"],"default":null,"doc":"总层数 Floors of the building"},{"name":"layout","type":["null","string"],"default":null,"doc":"户型 Layout; the department's own wording, no public code list"},{"name":"structure","type":["null","string"],"default":null,"doc":"房屋结构 Structure; the department's own wording, no public code list"},{"name":"plannedUse","type":["null","string"],"default":null,"doc":"规划用途 Planned use; the department's own wording, no public code list"},{"name":"houseNature","type":["null","string"],"default":null,"doc":"房屋性质 Nature of the house; the department's own wording, no public code list"},{"name":"buildingArea","type":["null","string"],"default":null,"numeric":true,"doc":"建筑面积 Building area; square metres"},{"name":"innerArea","type":["null","string"],"default":null,"numeric":true,"doc":"套内面积 Inner area; square metres"},{"name":"longitude","type":["null","double"],"default":null,"doc":"经度 Longitude; degrees, CGCS2000"},{"name":"latitude","type":["null","double"],"default":null,"doc":"纬度 Latitude; degrees, CGCS2000"},{"name":"completedDate","type":["null",{"type":"int","logicalType":"date"}],"default":null,"doc":"竣工日期 Completed on"},{"name":"developerName","type":["null","string"],"default":null,"doc":"开发企业 Developer"},{"name":"developerCreditCode","type":["null","string"],"default":null,"check":"credit-code","doc":"开发企业统一社会信用代码 Credit code of the developer; GB 32100-2015"},{"name":"contractNo","type":["null","string"],"default":null,"doc":"备案合同号 Number of the filed contract"},{"name":"contractFiledDate","type":["null",{"type":"int","logicalType":"date"}],"default":null,"doc":"合同备案日期 Contract filed on"},{"name":"status","type":["null","string"],"default":null,"doc":"房屋状态 Status; the department's own wording, no public code list"}]}],"default":null,"doc":"数据 null for ANNULLED only"}]};

const publicRentalSchema: AvroRecordSchema = {"type":"record","name":"PublicRental","namespace":"cn.huitong.hcb","doc":"公共租赁住房的配租合同, 一合同一条。 Leases of public rental dwellings: one record per contract.","huitong":{"dataset":"hcb.public-rental","title":{"zh":"公共租赁住房","en":"Public rental housing"},"subjectKey":"estateUnitNo","subjectCheck":"estate-unit","reasons":{"INITIAL_LOAD":"初始装载","LEASED":"配租签约","RENEWED":"续租","RENT_CHANGED":"租金调整","ELIGIBILITY_REVIEWED":"资格复核","TENANT_CHANGED":"承租人变更","VACATED":"退租腾退","TERMINATED":"合同解除","CLERICAL_ERROR":"录入差错"},"annulmentDays":30,"sharing":"conditional","legalBasis":"政务数据共享条例(国务院令第809号, 2025-08-01起施行)第十三条、第十九条"},"fields":[{"name":"event_id","type":{"type":"string","logicalType":"uuid"},"doc":"事件标识 UUIDv7; the key of idempotency"},{"name":"verb","type":{"type":"enum","name":"Verb","symbols":["CREATED","CORRECTED","ANNULLED","CEASED"]},"doc":"动作 corrected: was wrong; ceased: was right, is over; annulled: never was"},{"name":"previous_event_id","type":["null","string"],"default":null,"doc":"前一事件 the event that this one corrects or annuls"},{"name":"reason","type":"string","doc":"变更原因 one of the reasons of this dataset"},{"name":"source_record_id","type":"string","doc":"源记录标识 the department's own key"},{"name":"source_version","type":"long","doc":"源记录版本 grows with every change of the record"},{"name":"valid_from","type":["null",{"type":"int","logicalType":"date"}],"default":null,"doc":"生效日期 true in the world from this day"},{"name":"valid_to","type":["null",{"type":"int","logicalType":"date"}],"default":null,"doc":"失效日期 true in the world until this day"},{"name":"recorded_at","type":{"type":"long","logicalType":"timestamp-millis"},"doc":"入库时间 when the source committed it; freshness is measured from here"},{"name":"data","type":["null",{"type":"record","name":"PublicRentalData","fields":[{"name":"estateUnitNo","type":"string","check":"estate-unit","doc":"不动产单元代码 Estate unit number; GB/T 37346-2019; the subject"},{"name":"contractNo","type":"string","doc":"租赁合同号 Number of the lease"},{"name":"tenantId","type":["null","string"],"default":null,"check":"person-id","doc":"承租人身份号码 Tenant's id; GB 11643-1999"},{"name":"tenantName","type":["null","string"],"default":null,"doc":"承租人姓名 Tenant's name"},{"name":"tenantPhone","type":["null","string"],"default":null,"doc":"承租人电话 Tenant's telephone"},{"name":"occupantCount","type":["null","int"],"default":null,"doc":"共同居住人数 Number of occupants"},{"name":"projectName","type":["null","string"],"default":null,"doc":"项目名称 Name of the project"},{"name":"address","type":["null","string"],"default":null,"doc":"房屋坐落 Address"},{"name":"divisionCode","type":["null","string"],"default":null,"check":"division-code","doc":"行政区划代码 Division code; GB/T 2260 as of the record, so it may be one that no longer exists"},{"name":"buildingArea","type":["null","string"],"default":null,"numeric":true,"doc":"建筑面积 Building area; square metres"},{"name":"monthlyRent","type":["null","string"],"default":null,"numeric":true,"doc":"月租金 Monthly rent; yuan"},{"name":"subsidyAmount","type":["null","string"],"default":null,"numeric":true,"doc":"月租赁补贴 Monthly rent subsidy; yuan"},{"name":"depositAmount","type":["null","string"],"default":null,"numeric":true,"doc":"押金 Deposit; yuan"},{"name":"leaseFrom","type":["null",{"type":"int","logicalType":"date"}],"default":null,"doc":"租期起 Lease from"},{"name":"leaseUntil","type":["null",{"type":"int","logicalType":"date"}],"default":null,"doc":"租期止 Lease until"},{"name":"movedInDate","type":["null",{"type":"int","logicalType":"date"}],"default":null,"doc":"入住日期 Moved in on"},{"name":"movedOutDate","type":["null",{"type":"int","logicalType":"date"}],"default":null,"doc":"腾退日期 Moved out on"},{"name":"rentPaidThrough","type":["null",{"type":"int","logicalType":"date"}],"default":null,"doc":"租金缴至 Rent paid through"},{"name":"arrearsAmount","type":["null","string"],"default":null,"numeric":true,"doc":"欠租金额 Rent in arrears; yuan"},{"name":"eligibilityKind","type":["null","string"],"default":null,"doc":"保障对象类别 Kind of eligibility; the department's own wording, no public code list"},{"name":"eligibilityConfirmedDate","type":["null",{"type":"int","logicalType":"date"}],"default":null,"doc":"资格确认日期 Eligibility confirmed on"},{"name":"status","type":["null","string"],"default":null,"doc":"租赁状态 Status of the lease; the department's own wording, no public code list"},{"name":"managingUnit","type":["null","string"],"default":null,"doc":"运营单位 Managing unit"},{"name":"managingUnitCreditCode","type":["null","string"],"default":null,"check":"credit-code","doc":"运营单位统一社会信用代码 Credit code of the managing unit; GB 32100-2015"}]}],"default":null,"doc":"数据 null for ANNULLED only"}]};

const providentFundSchema: AvroRecordSchema = {"type":"record","name":"ProvidentFund","namespace":"cn.huitong.hpf","doc":"住房公积金个人账户、提取和贷款, 一账户一条。 Personal accounts of the housing provident fund with withdrawals and loans: one record per account.","huitong":{"dataset":"hpf.provident-fund","title":{"zh":"住房公积金","en":"Housing provident fund"},"subjectKey":"citizenId","subjectCheck":"person-id","reasons":{"INITIAL_LOAD":"初始装载","OPENED":"开户","CONTRIBUTED":"汇缴","EMPLOYER_CHANGED":"单位转移","WITHDRAWN":"提取","SUSPENDED":"封存","RESUMED":"启封","LOAN_CHANGED":"贷款变动","CLOSED":"销户","CLOSED_BY_DEATH":"死亡销户提取","CLERICAL_ERROR":"录入差错"},"annulmentDays":30,"sharing":"conditional","legalBasis":"住房公积金管理条例第二十四条; 最低生活保障审核确认办法(民政部, 2021-07-01起施行)第十七条"},"fields":[{"name":"event_id","type":{"type":"string","logicalType":"uuid"},"doc":"事件标识 UUIDv7; the key of idempotency"},{"name":"verb","type":{"type":"enum","name":"Verb","symbols":["CREATED","CORRECTED","ANNULLED","CEASED"]},"doc":"动作 corrected: was wrong; ceased: was right, is over; annulled: never was"},{"name":"previous_event_id","type":["null","string"],"default":null,"doc":"前一事件 the event that this one corrects or annuls"},{"name":"reason","type":"string","doc":"变更原因 one of the reasons of this dataset"},{"name":"source_record_id","type":"string","doc":"源记录标识 the department's own key"},{"name":"source_version","type":"long","doc":"源记录版本 grows with every change of the record"},{"name":"valid_from","type":["null",{"type":"int","logicalType":"date"}],"default":null,"doc":"生效日期 true in the world from this day"},{"name":"valid_to","type":["null",{"type":"int","logicalType":"date"}],"default":null,"doc":"失效日期 true in the world until this day"},{"name":"recorded_at","type":{"type":"long","logicalType":"timestamp-millis"},"doc":"入库时间 when the source committed it; freshness is measured from here"},{"name":"data","type":["null",{"type":"record","name":"ProvidentFundData","fields":[{"name":"citizenId","type":"string","check":"person-id","doc":"职工身份号码 Employee's id; GB 11643-1999; the subject"},{"name":"name","type":["null","string"],"default":null,"doc":"姓名 Name"},{"name":"accountNo","type":"string","doc":"个人账号 Account number"},{"name":"employerName","type":["null","string"],"default":null,"doc":"单位名称 Employer"},{"name":"employerCreditCode","type":["null","string"],"default":null,"check":"credit-code","doc":"单位统一社会信用代码 Credit code of the employer; GB 32100-2015"},{"name":"status","type":["null","string"],"default":null,"doc":"账户状态 Status of the account; the department's own wording, no public code list"},{"name":"openedDate","type":["null",{"type":"int","logicalType":"date"}],"default":null,"doc":"开户日期 Opened on"},{"name":"contributionBase","type":["null","string"],"default":null,"numeric":true,"doc":"缴存基数 Contribution base; yuan a month"},{"name":"employerRatePercent","type":["null","double"],"default":null,"doc":"单位缴存比例 Employer's rate; percent"},{"name":"personalRatePercent","type":["null","double"],"default":null,"doc":"个人缴存比例 Personal rate; percent"},{"name":"monthlyContribution","type":["null","string"],"default":null,"numeric":true,"doc":"月缴存额 Monthly contribution; yuan"},{"name":"paidThroughMonth","type":["null",{"type":"int","logicalType":"date"}],"default":null,"doc":"缴至月份 Paid through; the first day of the month"},{"name":"balance","type":["null","string"],"default":null,"numeric":true,"doc":"账户余额 Balance; yuan"},{"name":"lastWithdrawnDate","type":["null",{"type":"int","logicalType":"date"}],"default":null,"doc":"最近提取日期 Last withdrawal on"},{"name":"lastWithdrawnAmount","type":["null","string"],"default":null,"numeric":true,"doc":"最近提取金额 Last withdrawal; yuan"},{"name":"withdrawalGround","type":["null","string"],"default":null,"doc":"提取原因 Ground of withdrawal; one of article 24"},{"name":"loanContractNo","type":["null","string"],"default":null,"doc":"贷款合同号 Loan contract"},{"name":"loanAmount","type":["null","string"],"default":null,"numeric":true,"doc":"贷款金额 Loan; yuan"},{"name":"loanBalance","type":["null","string"],"default":null,"numeric":true,"doc":"贷款余额 Outstanding loan; yuan"},{"name":"closedDate","type":["null",{"type":"int","logicalType":"date"}],"default":null,"doc":"销户日期 Closed on"},{"name":"phone","type":["null","string"],"default":null,"doc":"联系电话 Telephone"}]}],"default":null,"doc":"数据 null for ANNULLED only"}]};

const insuranceSchema: AvroRecordSchema = {"type":"record","name":"Insurance","namespace":"cn.huitong.hrss","doc":"社会保险参保与缴费, 一人一险种一条。 Participation in social insurance and contributions: one record per person and scheme.","huitong":{"dataset":"hrss.insurance","title":{"zh":"社会保险参保缴费","en":"Social insurance"},"subjectKey":"citizenId","subjectCheck":"person-id","reasons":{"INITIAL_LOAD":"初始装载","JOINED":"参保登记","CONTRIBUTED":"缴费到账","EMPLOYER_CHANGED":"单位变更","SUSPENDED":"停保","RESUMED":"续保","TRANSFERRED_OUT":"关系转出","TERMINATED":"终止","CLERICAL_ERROR":"录入差错"},"annulmentDays":90,"sharing":"conditional","legalBasis":"社会保险经办条例第六条、第八条; 最低生活保障审核确认办法(民政部, 2021-07-01起施行)第十七条"},"fields":[{"name":"event_id","type":{"type":"string","logicalType":"uuid"},"doc":"事件标识 UUIDv7; the key of idempotency"},{"name":"verb","type":{"type":"enum","name":"Verb","symbols":["CREATED","CORRECTED","ANNULLED","CEASED"]},"doc":"动作 corrected: was wrong; ceased: was right, is over; annulled: never was"},{"name":"previous_event_id","type":["null","string"],"default":null,"doc":"前一事件 the event that this one corrects or annuls"},{"name":"reason","type":"string","doc":"变更原因 one of the reasons of this dataset"},{"name":"source_record_id","type":"string","doc":"源记录标识 the department's own key"},{"name":"source_version","type":"long","doc":"源记录版本 grows with every change of the record"},{"name":"valid_from","type":["null",{"type":"int","logicalType":"date"}],"default":null,"doc":"生效日期 true in the world from this day"},{"name":"valid_to","type":["null",{"type":"int","logicalType":"date"}],"default":null,"doc":"失效日期 true in the world until this day"},{"name":"recorded_at","type":{"type":"long","logicalType":"timestamp-millis"},"doc":"入库时间 when the source committed it; freshness is measured from here"},{"name":"data","type":["null",{"type":"record","name":"InsuranceData","fields":[{"name":"citizenId","type":"string","check":"person-id","doc":"参保人身份号码 Id of the insured; GB 11643-1999, which is the social security number; the subject"},{"name":"name","type":["null","string"],"default":null,"doc":"姓名 Name"},{"name":"sex","type":["null","string"],"default":null,"doc":"性别 Sex; GB/T 2261.1","codes":{"0":"未知","1":"男","2":"女","9":"未说明"}},{"name":"birthDate","type":["null",{"type":"int","logicalType":"date"}],"default":null,"doc":"出生日期 Date of birth"},{"name":"scheme","type":"string","doc":"险种 Scheme; the department's own wording, no public code list"},{"name":"personalNo","type":["null","string"],"default":null,"doc":"个人编号 Personal number"},{"name":"identityKind","type":["null","string"],"default":null,"doc":"参保身份 Kind of participation; the department's own wording, no public code list"},{"name":"employerName","type":["null","string"],"default":null,"doc":"单位名称 Employer"},{"name":"employerCreditCode","type":["null","string"],"default":null,"check":"credit-code","doc":"单位统一社会信用代码 Credit code of the employer; GB 32100-2015"},{"name":"status","type":["null","string"],"default":null,"doc":"缴费状态 Status of contribution; the department's own wording, no public code list"},{"name":"joinedDate","type":["null",{"type":"int","logicalType":"date"}],"default":null,"doc":"参保日期 Joined on"},{"name":"paidThroughMonth","type":["null",{"type":"int","logicalType":"date"}],"default":null,"doc":"缴至月份 Paid through; the first day of the month"},{"name":"contributionBase","type":["null","string"],"default":null,"numeric":true,"doc":"缴费基数 Contribution base; yuan a month"},{"name":"personalContribution","type":["null","string"],"default":null,"numeric":true,"doc":"个人缴费额 Personal contribution; yuan a month"},{"name":"employerContribution","type":["null","string"],"default":null,"numeric":true,"doc":"单位缴费额 Employer's contribution; yuan a month"},{"name":"contributionMonths","type":["null","int"],"default":null,"doc":"累计缴费月数 Months of contribution"},{"name":"accountBalance","type":["null","string"],"default":null,"numeric":true,"doc":"个人账户余额 Balance of the personal account; yuan"},{"name":"suspendedDate","type":["null",{"type":"int","logicalType":"date"}],"default":null,"doc":"停保日期 Suspended on"},{"name":"agency","type":["null","string"],"default":null,"doc":"经办机构 Agency"},{"name":"divisionCode","type":["null","string"],"default":null,"check":"division-code","doc":"行政区划代码 Division code; GB/T 2260 as of the record, so it may be one that no longer exists"}]}],"default":null,"doc":"数据 null for ANNULLED only"}]};

const pensionEntitlementSchema: AvroRecordSchema = {"type":"record","name":"PensionEntitlement","namespace":"cn.huitong.hrss","doc":"基本养老保险待遇的核定、调整、暂停和终止, 一人一险种一条。 Entitlements to a basic pension: granted, adjusted, suspended and ended; one record per person and scheme.","huitong":{"dataset":"hrss.pension-entitlement","title":{"zh":"养老待遇核定","en":"Pension entitlement"},"subjectKey":"citizenId","subjectCheck":"person-id","reasons":{"INITIAL_LOAD":"初始装载","GRANTED":"待遇核定","ADJUSTED":"待遇调整","SUSPENDED":"暂停发放","RESUMED":"恢复发放","TERMINATED_BY_DEATH":"死亡终止","TERMINATED":"其他终止","VERIFIED":"资格认证","CLERICAL_ERROR":"录入差错"},"annulmentDays":30,"sharing":"conditional","legalBasis":"社会保险经办条例第六条、第二十五条、第二十六条; 社会保险法第十七条"},"fields":[{"name":"event_id","type":{"type":"string","logicalType":"uuid"},"doc":"事件标识 UUIDv7; the key of idempotency"},{"name":"verb","type":{"type":"enum","name":"Verb","symbols":["CREATED","CORRECTED","ANNULLED","CEASED"]},"doc":"动作 corrected: was wrong; ceased: was right, is over; annulled: never was"},{"name":"previous_event_id","type":["null","string"],"default":null,"doc":"前一事件 the event that this one corrects or annuls"},{"name":"reason","type":"string","doc":"变更原因 one of the reasons of this dataset"},{"name":"source_record_id","type":"string","doc":"源记录标识 the department's own key"},{"name":"source_version","type":"long","doc":"源记录版本 grows with every change of the record"},{"name":"valid_from","type":["null",{"type":"int","logicalType":"date"}],"default":null,"doc":"生效日期 true in the world from this day"},{"name":"valid_to","type":["null",{"type":"int","logicalType":"date"}],"default":null,"doc":"失效日期 true in the world until this day"},{"name":"recorded_at","type":{"type":"long","logicalType":"timestamp-millis"},"doc":"入库时间 when the source committed it; freshness is measured from here"},{"name":"data","type":["null",{"type":"record","name":"PensionEntitlementData","fields":[{"name":"citizenId","type":"string","check":"person-id","doc":"参保人身份号码 Id of the insured; GB 11643-1999, which is the social security number; the subject"},{"name":"name","type":["null","string"],"default":null,"doc":"姓名 Name"},{"name":"birthDate","type":["null",{"type":"int","logicalType":"date"}],"default":null,"doc":"出生日期 Date of birth"},{"name":"sex","type":["null","string"],"default":null,"doc":"性别 Sex; GB/T 2261.1","codes":{"0":"未知","1":"男","2":"女","9":"未说明"}},{"name":"scheme","type":["null","string"],"default":null,"doc":"险种 Scheme; the department's own wording, no public code list"},{"name":"benefitType","type":["null","string"],"default":null,"doc":"待遇类别 Kind of benefit; the department's own wording, no public code list"},{"name":"entitlementNo","type":["null","string"],"default":null,"doc":"待遇核定编号 Number of the entitlement"},{"name":"retiredDate","type":["null",{"type":"int","logicalType":"date"}],"default":null,"doc":"退休日期 Date of retirement"},{"name":"approvedDate","type":["null",{"type":"int","logicalType":"date"}],"default":null,"doc":"核定日期 Date of approval"},{"name":"firstPaidMonth","type":["null",{"type":"int","logicalType":"date"}],"default":null,"doc":"首发月 First month paid; the first day of the month"},{"name":"monthlyAmount","type":["null","string"],"default":null,"numeric":true,"doc":"月待遇金额 Monthly amount; yuan"},{"name":"contributionMonths","type":["null","int"],"default":null,"doc":"缴费月数 Months of contribution"},{"name":"status","type":"string","doc":"发放状态 Status of payment; the department's own wording, no public code list"},{"name":"stoppedDate","type":["null",{"type":"int","logicalType":"date"}],"default":null,"doc":"停发日期 Stopped on"},{"name":"stopReason","type":["null","string"],"default":null,"doc":"停发原因 Reason for stopping; the department's own wording, no public code list"},{"name":"verifiedDate","type":["null",{"type":"int","logicalType":"date"}],"default":null,"doc":"资格认证日期 Eligibility verified on"},{"name":"verificationMethod","type":["null","string"],"default":null,"doc":"资格认证方式 Way of verification; the department's own wording, no public code list"},{"name":"employerName","type":["null","string"],"default":null,"doc":"原单位名称 Former employer"},{"name":"employerCreditCode","type":["null","string"],"default":null,"check":"credit-code","doc":"原单位统一社会信用代码 Credit code of the former employer; GB 32100-2015"},{"name":"bankName","type":["null","string"],"default":null,"doc":"开户行 Bank"},{"name":"bankAccountNo","type":["null","string"],"default":null,"doc":"银行账号 Bank account"},{"name":"agency","type":["null","string"],"default":null,"doc":"经办机构 Agency"},{"name":"divisionCode","type":["null","string"],"default":null,"check":"division-code","doc":"行政区划代码 Division code; GB/T 2260 as of the record, so it may be one that no longer exists"}]}],"default":null,"doc":"数据 null for ANNULLED only"}]};

const pensionPaymentSchema: AvroRecordSchema = {"type":"record","name":"PensionPayment","namespace":"cn.huitong.hrss","doc":"养老待遇发放明细, 一人一险种一月一条。 Pension payments: one record for each month paid.","huitong":{"dataset":"hrss.pension-payment","title":{"zh":"养老待遇发放","en":"Pension payment"},"subjectKey":"citizenId","subjectCheck":"person-id","reasons":{"INITIAL_LOAD":"初始装载","PAID":"发放","BACK_PAID":"补发","RETURNED":"银行退回","RECOVERED":"追回","RECALCULATED":"重新计算","CLERICAL_ERROR":"录入差错"},"annulmentDays":365,"sharing":"conditional","legalBasis":"社会保险经办条例第二十五条、第二十六条"},"fields":[{"name":"event_id","type":{"type":"string","logicalType":"uuid"},"doc":"事件标识 UUIDv7; the key of idempotency"},{"name":"verb","type":{"type":"enum","name":"Verb","symbols":["CREATED","CORRECTED","ANNULLED","CEASED"]},"doc":"动作 corrected: was wrong; ceased: was right, is over; annulled: never was"},{"name":"previous_event_id","type":["null","string"],"default":null,"doc":"前一事件 the event that this one corrects or annuls"},{"name":"reason","type":"string","doc":"变更原因 one of the reasons of this dataset"},{"name":"source_record_id","type":"string","doc":"源记录标识 the department's own key"},{"name":"source_version","type":"long","doc":"源记录版本 grows with every change of the record"},{"name":"valid_from","type":["null",{"type":"int","logicalType":"date"}],"default":null,"doc":"生效日期 true in the world from this day"},{"name":"valid_to","type":["null",{"type":"int","logicalType":"date"}],"default":null,"doc":"失效日期 true in the world until this day"},{"name":"recorded_at","type":{"type":"long","logicalType":"timestamp-millis"},"doc":"入库时间 when the source committed it; freshness is measured from here"},{"name":"data","type":["null",{"type":"record","name":"PensionPaymentData","fields":[{"name":"citizenId","type":"string","check":"person-id","doc":"参保人身份号码 Id of the insured; GB 11643-1999; the subject"},{"name":"name","type":["null","string"],"default":null,"doc":"姓名 Name"},{"name":"month","type":{"type":"int","logicalType":"date"},"doc":"待遇所属月 Month the payment is for; the first day of the month"},{"name":"amount","type":"string","numeric":true,"doc":"发放金额 Amount paid; yuan"},{"name":"scheme","type":["null","string"],"default":null,"doc":"险种 Scheme; the department's own wording, no public code list"},{"name":"benefitType","type":["null","string"],"default":null,"doc":"待遇类别 Kind of benefit; the department's own wording, no public code list"},{"name":"entitlementNo","type":["null","string"],"default":null,"doc":"待遇核定编号 Number of the entitlement"},{"name":"basicAmount","type":["null","string"],"default":null,"numeric":true,"doc":"基础养老金 Basic pension; yuan"},{"name":"accountAmount","type":["null","string"],"default":null,"numeric":true,"doc":"个人账户养老金 Pension from the personal account; yuan"},{"name":"adjustmentAmount","type":["null","string"],"default":null,"numeric":true,"doc":"调整增加额 Adjustments; yuan"},{"name":"backPayAmount","type":["null","string"],"default":null,"numeric":true,"doc":"补发额 Back-pay included; yuan"},{"name":"deductedAmount","type":["null","string"],"default":null,"numeric":true,"doc":"扣减额 Deductions; yuan"},{"name":"paidDate","type":["null",{"type":"int","logicalType":"date"}],"default":null,"doc":"发放日期 Paid on"},{"name":"batchNo","type":["null","string"],"default":null,"doc":"发放批次号 Payment batch"},{"name":"bankName","type":["null","string"],"default":null,"doc":"开户行 Bank"},{"name":"bankAccountNo","type":["null","string"],"default":null,"doc":"银行账号 Bank account"},{"name":"result","type":["null","string"],"default":null,"doc":"发放结果 Result; the department's own wording, no public code list"},{"name":"returnedDate","type":["null",{"type":"int","logicalType":"date"}],"default":null,"doc":"退回日期 Returned on"},{"name":"agency","type":["null","string"],"default":null,"doc":"经办机构 Agency"},{"name":"divisionCode","type":["null","string"],"default":null,"check":"division-code","doc":"行政区划代码 Division code; GB/T 2260 as of the record, so it may be one that no longer exists"}]}],"default":null,"doc":"数据 null for ANNULLED only"}]};

const cremationSchema: AvroRecordSchema = {"type":"record","name":"Cremation","namespace":"cn.huitong.mca","doc":"殡仪馆火化证明所载信息。 Cremations as certified by funeral homes.","huitong":{"dataset":"mca.cremation","title":{"zh":"火化登记","en":"Cremation"},"subjectKey":"citizenId","subjectCheck":"person-id","reasons":{"INITIAL_LOAD":"初始装载","CREMATED":"火化","CERTIFICATE_REISSUED":"火化证明补发","IDENTITY_MISTAKEN":"身份误报","CERTIFICATE_VOIDED":"证明作废","CLERICAL_ERROR":"录入差错"},"annulmentDays":30,"counterparts":[{"dataset":"nhc.death-certificate","verbs":["CREATED","CORRECTED"]},{"dataset":"psb.household-register","verbs":["CEASED"],"reasons":["DEATH_CANCELLED"]}],"sharing":"conditional","legalBasis":"殡葬管理条例(2012年修订)第十三条; 国卫规划发〔2013〕57号; 社会保险经办条例第八条"},"fields":[{"name":"event_id","type":{"type":"string","logicalType":"uuid"},"doc":"事件标识 UUIDv7; the key of idempotency"},{"name":"verb","type":{"type":"enum","name":"Verb","symbols":["CREATED","CORRECTED","ANNULLED","CEASED"]},"doc":"动作 corrected: was wrong; ceased: was right, is over; annulled: never was"},{"name":"previous_event_id","type":["null","string"],"default":null,"doc":"前一事件 the event that this one corrects or annuls"},{"name":"reason","type":"string","doc":"变更原因 one of the reasons of this dataset"},{"name":"source_record_id","type":"string","doc":"源记录标识 the department's own key"},{"name":"source_version","type":"long","doc":"源记录版本 grows with every change of the record"},{"name":"valid_from","type":["null",{"type":"int","logicalType":"date"}],"default":null,"doc":"生效日期 true in the world from this day"},{"name":"valid_to","type":["null",{"type":"int","logicalType":"date"}],"default":null,"doc":"失效日期 true in the world until this day"},{"name":"recorded_at","type":{"type":"long","logicalType":"timestamp-millis"},"doc":"入库时间 when the source committed it; freshness is measured from here"},{"name":"data","type":["null",{"type":"record","name":"CremationData","fields":[{"name":"citizenId","type":"string","check":"person-id","doc":"逝者公民身份号码 Citizen id of the deceased; GB 11643-1999; the subject"},{"name":"certificateNo","type":["null","string"],"default":null,"doc":"火化证明编号 Number of the cremation certificate"},{"name":"name","type":["null","string"],"default":null,"doc":"姓名 Name"},{"name":"sex","type":["null","string"],"default":null,"doc":"性别 Sex; GB/T 2261.1","codes":{"0":"未知","1":"男","2":"女","9":"未说明"}},{"name":"birthDate","type":["null",{"type":"int","logicalType":"date"}],"default":null,"doc":"出生日期 Date of birth"},{"name":"deathDate","type":["null",{"type":"int","logicalType":"date"}],"default":null,"doc":"死亡日期 Date of death"},{"name":"crematedDate","type":{"type":"int","logicalType":"date"},"doc":"火化日期 Date of cremation"},{"name":"crematedAt","type":["null",{"type":"long","logicalType":"timestamp-millis"}],"default":null,"doc":"火化时间 Time of cremation"},{"name":"deathCertificateNo","type":["null","string"],"default":null,"doc":"死亡证明编号 Number of the death certificate"},{"name":"funeralHomeName","type":["null","string"],"default":null,"doc":"殡仪馆名称 Funeral home"},{"name":"funeralHomeCreditCode","type":["null","string"],"default":null,"check":"credit-code","doc":"殡仪馆统一社会信用代码 Credit code of the funeral home; GB 32100-2015"},{"name":"householdAddress","type":["null","string"],"default":null,"doc":"户籍地址 Registered address"},{"name":"divisionCode","type":["null","string"],"default":null,"check":"division-code","doc":"户籍地行政区划代码 Division code of the registered address; GB/T 2260 as of the record, so it may be one that no longer exists"},{"name":"ashesDisposal","type":["null","string"],"default":null,"doc":"骨灰去向 Disposal of the ashes; the department's own wording, no public code list"},{"name":"handlerName","type":["null","string"],"default":null,"doc":"经办人姓名 Name of the person who arranged it"},{"name":"handlerId","type":["null","string"],"default":null,"check":"person-id","doc":"经办人身份号码 Id of the person who arranged it; GB 11643-1999"},{"name":"handlerRelation","type":["null","string"],"default":null,"doc":"经办人与逝者关系 Relation of that person to the deceased; GB/T 4761-2008: 01 self, 02 head, 1x spouse, 2x son, 3x daughter, 4x grandchild, 5x parent, 6x grandparent, 7x sibling"},{"name":"handlerPhone","type":["null","string"],"default":null,"doc":"经办人电话 Telephone of that person"},{"name":"issuedDate","type":["null",{"type":"int","logicalType":"date"}],"default":null,"doc":"发证日期 Date of issue"}]}],"default":null,"doc":"数据 null for ANNULLED only"}]};

const dibaoHouseholdSchema: AvroRecordSchema = {"type":"record","name":"DibaoHousehold","namespace":"cn.huitong.mca","doc":"最低生活保障家庭的共同生活成员, 一人一条。 Members of households on the minimum living guarantee, one record per member.","huitong":{"dataset":"mca.dibao-household","title":{"zh":"最低生活保障","en":"Minimum living guarantee"},"subjectKey":"citizenId","subjectCheck":"person-id","reasons":{"INITIAL_LOAD":"初始装载","CONFIRMED":"审核确认","REVIEWED":"定期核查","RAISED":"增发","REDUCED":"减发","MEMBER_ADDED":"成员增加","MEMBER_REMOVED":"成员减少","STOPPED":"停发","GRADUAL_EXIT":"渐退期满","MEMBER_DIED":"成员死亡","CLERICAL_ERROR":"录入差错"},"annulmentDays":30,"sharing":"conditional","legalBasis":"最低生活保障审核确认办法(民政部, 2021-07-01起施行)第七条、第十三条、第十七条、第二十条、第三十二条"},"fields":[{"name":"event_id","type":{"type":"string","logicalType":"uuid"},"doc":"事件标识 UUIDv7; the key of idempotency"},{"name":"verb","type":{"type":"enum","name":"Verb","symbols":["CREATED","CORRECTED","ANNULLED","CEASED"]},"doc":"动作 corrected: was wrong; ceased: was right, is over; annulled: never was"},{"name":"previous_event_id","type":["null","string"],"default":null,"doc":"前一事件 the event that this one corrects or annuls"},{"name":"reason","type":"string","doc":"变更原因 one of the reasons of this dataset"},{"name":"source_record_id","type":"string","doc":"源记录标识 the department's own key"},{"name":"source_version","type":"long","doc":"源记录版本 grows with every change of the record"},{"name":"valid_from","type":["null",{"type":"int","logicalType":"date"}],"default":null,"doc":"生效日期 true in the world from this day"},{"name":"valid_to","type":["null",{"type":"int","logicalType":"date"}],"default":null,"doc":"失效日期 true in the world until this day"},{"name":"recorded_at","type":{"type":"long","logicalType":"timestamp-millis"},"doc":"入库时间 when the source committed it; freshness is measured from here"},{"name":"data","type":["null",{"type":"record","name":"DibaoHouseholdData","fields":[{"name":"citizenId","type":"string","check":"person-id","doc":"成员身份号码 Member's id; GB 11643-1999; the subject"},{"name":"name","type":["null","string"],"default":null,"doc":"姓名 Name"},{"name":"householdNo","type":"string","doc":"低保家庭编号 Number of the household"},{"name":"applicantId","type":["null","string"],"default":null,"check":"person-id","doc":"申请人身份号码 Applicant's id; GB 11643-1999"},{"name":"relation","type":["null","string"],"default":null,"doc":"与申请人关系 Relation to the applicant; GB/T 4761-2008: 01 self, 02 head, 1x spouse, 2x son, 3x daughter, 4x grandchild, 5x parent, 6x grandparent, 7x sibling"},{"name":"memberCount","type":["null","int"],"default":null,"doc":"共同生活成员人数 Number of members"},{"name":"assistanceKind","type":["null","string"],"default":null,"doc":"救助类别 Kind of assistance; the department's own wording, no public code list"},{"name":"householdAddress","type":["null","string"],"default":null,"doc":"户籍地址 Registered address"},{"name":"residenceAddress","type":["null","string"],"default":null,"doc":"居住地址 Address of residence"},{"name":"divisionCode","type":["null","string"],"default":null,"check":"division-code","doc":"审核确认机关行政区划代码 Division code of the confirming office; GB/T 2260 as of the record, so it may be one that no longer exists"},{"name":"wageIncome","type":["null","string"],"default":null,"numeric":true,"doc":"工资性收入 Wage income; yuan a year, household"},{"name":"businessIncome","type":["null","string"],"default":null,"numeric":true,"doc":"经营净收入 Net business income; yuan a year, household"},{"name":"propertyIncome","type":["null","string"],"default":null,"numeric":true,"doc":"财产净收入 Net property income; yuan a year, household"},{"name":"transferIncome","type":["null","string"],"default":null,"numeric":true,"doc":"转移净收入 Net transfer income; yuan a year, household"},{"name":"perCapitaIncome","type":["null","string"],"default":null,"numeric":true,"doc":"人均月收入 Income per head; yuan a month"},{"name":"monthlyAmount","type":["null","string"],"default":null,"numeric":true,"doc":"家庭月保障金额 Monthly amount of the household; yuan"},{"name":"memberAmount","type":["null","string"],"default":null,"numeric":true,"doc":"个人月保障金额 Monthly amount of the member; yuan"},{"name":"authorisationNo","type":["null","string"],"default":null,"doc":"核对授权书编号 Number of the authorisation to check"},{"name":"acceptedDate","type":["null",{"type":"int","logicalType":"date"}],"default":null,"doc":"受理日期 Date of acceptance"},{"name":"confirmedDate","type":["null",{"type":"int","logicalType":"date"}],"default":null,"doc":"确认日期 Date of confirmation"},{"name":"paidFromDate","type":["null",{"type":"int","logicalType":"date"}],"default":null,"doc":"起发日期 Paid from; from the month after confirmation"},{"name":"reviewDueDate","type":["null",{"type":"int","logicalType":"date"}],"default":null,"doc":"下次核查日期 Next review due"},{"name":"status","type":["null","string"],"default":null,"doc":"保障状态 Status; the department's own wording, no public code list"},{"name":"stopReason","type":["null","string"],"default":null,"doc":"停发原因 Reason for stopping; the department's own wording, no public code list"}]}],"default":null,"doc":"数据 null for ANNULLED only"}]};

const marriageSchema: AvroRecordSchema = {"type":"record","name":"Marriage","namespace":"cn.huitong.mca","doc":"婚姻登记, 夫妻双方各一条; 离婚登记终止婚姻记录并新建一条婚姻状况为离婚的记录。本地登记依法不完整。 Marriage registrations, one record per spouse; a divorce ceases it and creates a record of marital status 40. Marriages may be registered anywhere in the country, so the local register is incomplete by law.","huitong":{"dataset":"mca.marriage","title":{"zh":"婚姻登记","en":"Marriage registration"},"subjectKey":"citizenId","subjectCheck":"person-id","reasons":{"INITIAL_LOAD":"初始装载","MARRIED":"结婚登记","REMARRIED":"复婚登记","DIVORCED":"离婚登记","DIVORCED_BY_COURT":"法院判决或调解离婚","ANNULLED_BY_COURT":"婚姻无效或被撤销","SPOUSE_DIED":"配偶死亡","CERTIFICATE_REISSUED":"补领证件","CLERICAL_ERROR":"录入差错"},"annulmentDays":365,"sharing":"conditional","legalBasis":"婚姻登记条例(国务院令第804号, 2025-05-10起施行)第四条"},"fields":[{"name":"event_id","type":{"type":"string","logicalType":"uuid"},"doc":"事件标识 UUIDv7; the key of idempotency"},{"name":"verb","type":{"type":"enum","name":"Verb","symbols":["CREATED","CORRECTED","ANNULLED","CEASED"]},"doc":"动作 corrected: was wrong; ceased: was right, is over; annulled: never was"},{"name":"previous_event_id","type":["null","string"],"default":null,"doc":"前一事件 the event that this one corrects or annuls"},{"name":"reason","type":"string","doc":"变更原因 one of the reasons of this dataset"},{"name":"source_record_id","type":"string","doc":"源记录标识 the department's own key"},{"name":"source_version","type":"long","doc":"源记录版本 grows with every change of the record"},{"name":"valid_from","type":["null",{"type":"int","logicalType":"date"}],"default":null,"doc":"生效日期 true in the world from this day"},{"name":"valid_to","type":["null",{"type":"int","logicalType":"date"}],"default":null,"doc":"失效日期 true in the world until this day"},{"name":"recorded_at","type":{"type":"long","logicalType":"timestamp-millis"},"doc":"入库时间 when the source committed it; freshness is measured from here"},{"name":"data","type":["null",{"type":"record","name":"MarriageData","fields":[{"name":"citizenId","type":"string","check":"person-id","doc":"本人身份号码 Own id; GB 11643-1999; the subject"},{"name":"name","type":["null","string"],"default":null,"doc":"姓名 Name"},{"name":"sex","type":["null","string"],"default":null,"doc":"性别 Sex; GB/T 2261.1","codes":{"0":"未知","1":"男","2":"女","9":"未说明"}},{"name":"birthDate","type":["null",{"type":"int","logicalType":"date"}],"default":null,"doc":"出生日期 Date of birth"},{"name":"nationality","type":["null","string"],"default":null,"doc":"国籍 Nationality; ISO 3166-1 alpha-3"},{"name":"maritalStatus","type":"string","doc":"婚姻状况 Marital status; GB/T 2261.2","codes":{"10":"未婚","20":"已婚","21":"初婚","22":"再婚","23":"复婚","30":"丧偶","40":"离婚","90":"未说明"}},{"name":"spouseId","type":["null","string"],"default":null,"check":"person-id","doc":"配偶身份号码 Spouse's id; GB 11643-1999, residence permit or foreigner's card"},{"name":"spouseName","type":["null","string"],"default":null,"doc":"配偶姓名 Spouse's name"},{"name":"spouseNationality","type":["null","string"],"default":null,"doc":"配偶国籍 Spouse's nationality; ISO 3166-1 alpha-3"},{"name":"spouseDocumentNo","type":["null","string"],"default":null,"doc":"配偶其他证件号码 Number of the spouse's other document; passport and the like"},{"name":"certificateNo","type":["null","string"],"default":null,"doc":"结婚证或离婚证字号 Number of the certificate"},{"name":"registeredDate","type":["null",{"type":"int","logicalType":"date"}],"default":null,"doc":"登记日期 Date of registration"},{"name":"registrationAuthority","type":["null","string"],"default":null,"doc":"婚姻登记机关 Registration authority"},{"name":"divisionCode","type":["null","string"],"default":null,"check":"division-code","doc":"登记机关行政区划代码 Division code of the authority; GB/T 2260"},{"name":"courtDocumentNo","type":["null","string"],"default":null,"doc":"法律文书号 Number of the court document"},{"name":"householdAddress","type":["null","string"],"default":null,"doc":"户籍地址 Registered address"}]}],"default":null,"doc":"数据 null for ANNULLED only"}]};

const socialOrganisationSchema: AvroRecordSchema = {"type":"record","name":"SocialOrganisation","namespace":"cn.huitong.mca","doc":"社会团体、民办非企业单位(社会服务机构)和基金会的登记。 Registration of associations, private non-enterprise units and foundations.","huitong":{"dataset":"mca.social-organisation","title":{"zh":"社会组织登记","en":"Social organisation registration"},"subjectKey":"creditCode","subjectCheck":"credit-code","reasons":{"INITIAL_LOAD":"初始装载","FOUNDED":"成立登记","CHANGED":"变更登记","DEREGISTERED":"注销登记","REVOKED":"撤销登记","ANNUAL_INSPECTION":"年度检查","CLERICAL_ERROR":"录入差错"},"annulmentDays":90,"sharing":"conditional","legalBasis":"社会团体登记管理条例(2016年修订)第十二条; 基金会管理条例(2004年); 民办非企业单位登记管理暂行条例(1998年)"},"fields":[{"name":"event_id","type":{"type":"string","logicalType":"uuid"},"doc":"事件标识 UUIDv7; the key of idempotency"},{"name":"verb","type":{"type":"enum","name":"Verb","symbols":["CREATED","CORRECTED","ANNULLED","CEASED"]},"doc":"动作 corrected: was wrong; ceased: was right, is over; annulled: never was"},{"name":"previous_event_id","type":["null","string"],"default":null,"doc":"前一事件 the event that this one corrects or annuls"},{"name":"reason","type":"string","doc":"变更原因 one of the reasons of this dataset"},{"name":"source_record_id","type":"string","doc":"源记录标识 the department's own key"},{"name":"source_version","type":"long","doc":"源记录版本 grows with every change of the record"},{"name":"valid_from","type":["null",{"type":"int","logicalType":"date"}],"default":null,"doc":"生效日期 true in the world from this day"},{"name":"valid_to","type":["null",{"type":"int","logicalType":"date"}],"default":null,"doc":"失效日期 true in the world until this day"},{"name":"recorded_at","type":{"type":"long","logicalType":"timestamp-millis"},"doc":"入库时间 when the source committed it; freshness is measured from here"},{"name":"data","type":["null",{"type":"record","name":"SocialOrganisationData","fields":[{"name":"creditCode","type":"string","check":"credit-code","doc":"统一社会信用代码 Unified social credit code; GB 32100-2015; the subject"},{"name":"name","type":"string","doc":"名称 Name"},{"name":"organisationKind","type":["null","string"],"default":null,"doc":"社会组织类别 Kind of organisation; GB 32100-2015, class under registration department 5","codes":{"1":"社会团体","2":"民办非企业单位","3":"基金会","9":"其他"}},{"name":"legalRepresentative","type":["null","string"],"default":null,"doc":"法定代表人或负责人 Legal representative"},{"name":"legalRepresentativeId","type":["null","string"],"default":null,"check":"person-id","doc":"法定代表人身份号码 Id of the legal representative; GB 11643-1999"},{"name":"registeredCapital","type":["null","string"],"default":null,"numeric":true,"doc":"活动资金、开办资金或原始基金 Funds at registration; yuan"},{"name":"purpose","type":["null","string"],"default":null,"doc":"宗旨 Purpose"},{"name":"businessScope","type":["null","string"],"default":null,"doc":"业务范围 Scope of activity"},{"name":"activityArea","type":["null","string"],"default":null,"doc":"活动地域 Area of activity"},{"name":"address","type":["null","string"],"default":null,"doc":"住所 Domicile"},{"name":"divisionCode","type":["null","string"],"default":null,"check":"division-code","doc":"行政区划代码 Division code; GB/T 2260 as of the record, so it may be one that no longer exists"},{"name":"supervisingUnit","type":["null","string"],"default":null,"doc":"业务主管单位 Supervising unit"},{"name":"supervisingUnitCreditCode","type":["null","string"],"default":null,"check":"credit-code","doc":"业务主管单位统一社会信用代码 Credit code of the supervising unit; GB 32100-2015"},{"name":"registrationAuthority","type":["null","string"],"default":null,"doc":"登记管理机关 Registration authority"},{"name":"foundedDate","type":["null",{"type":"int","logicalType":"date"}],"default":null,"doc":"成立日期 Date of foundation"},{"name":"approvedDate","type":["null",{"type":"int","logicalType":"date"}],"default":null,"doc":"核准日期 Date of approval"},{"name":"certificateExpiryDate","type":["null",{"type":"int","logicalType":"date"}],"default":null,"doc":"登记证书有效期止 Expiry of the certificate"},{"name":"annualInspectionResult","type":["null","string"],"default":null,"doc":"年检结论 Result of the annual inspection; the department's own wording, no public code list"},{"name":"status","type":["null","string"],"default":null,"doc":"机构状态 Status; GB/T 36104-2018","codes":{"1":"正常","2":"异常","3":"吊销","4":"注销/撤销","9":"其他"}},{"name":"phone","type":["null","string"],"default":null,"doc":"联系电话 Telephone"}]}],"default":null,"doc":"数据 null for ANNULLED only"}]};

const birthSchema: AvroRecordSchema = {"type":"record","name":"Birth","namespace":"cn.huitong.nhc","doc":"医疗机构签发的出生医学证明, 以新生儿落户后的公民身份号码为主体。 Births as certified by medical institutions, keyed by the child's citizen id once it is known.","huitong":{"dataset":"nhc.birth","title":{"zh":"出生医学证明","en":"Birth certificate"},"subjectKey":"citizenId","subjectCheck":"person-id","reasons":{"INITIAL_LOAD":"初始装载","CERTIFICATE_ISSUED":"首次签发","CERTIFICATE_REISSUED":"换发或补发","PARENTS_CORRECTED":"父母信息更正","CERTIFICATE_VOIDED":"证明作废","CLERICAL_ERROR":"录入差错"},"annulmentDays":30,"sharing":"conditional","legalBasis":"户口登记条例第七条; 社会保险经办条例第八条"},"fields":[{"name":"event_id","type":{"type":"string","logicalType":"uuid"},"doc":"事件标识 UUIDv7; the key of idempotency"},{"name":"verb","type":{"type":"enum","name":"Verb","symbols":["CREATED","CORRECTED","ANNULLED","CEASED"]},"doc":"动作 corrected: was wrong; ceased: was right, is over; annulled: never was"},{"name":"previous_event_id","type":["null","string"],"default":null,"doc":"前一事件 the event that this one corrects or annuls"},{"name":"reason","type":"string","doc":"变更原因 one of the reasons of this dataset"},{"name":"source_record_id","type":"string","doc":"源记录标识 the department's own key"},{"name":"source_version","type":"long","doc":"源记录版本 grows with every change of the record"},{"name":"valid_from","type":["null",{"type":"int","logicalType":"date"}],"default":null,"doc":"生效日期 true in the world from this day"},{"name":"valid_to","type":["null",{"type":"int","logicalType":"date"}],"default":null,"doc":"失效日期 true in the world until this day"},{"name":"recorded_at","type":{"type":"long","logicalType":"timestamp-millis"},"doc":"入库时间 when the source committed it; freshness is measured from here"},{"name":"data","type":["null",{"type":"record","name":"BirthData","fields":[{"name":"citizenId","type":"string","check":"person-id","doc":"新生儿公民身份号码 Child's citizen id; GB 11643-1999; the subject"},{"name":"certificateNo","type":["null","string"],"default":null,"doc":"出生医学证明编号 Certificate number"},{"name":"name","type":["null","string"],"default":null,"doc":"姓名 Name"},{"name":"sex","type":["null","string"],"default":null,"doc":"性别 Sex; GB/T 2261.1","codes":{"0":"未知","1":"男","2":"女","9":"未说明"}},{"name":"birthDate","type":["null",{"type":"int","logicalType":"date"}],"default":null,"doc":"出生日期 Date of birth"},{"name":"birthAt","type":["null",{"type":"long","logicalType":"timestamp-millis"}],"default":null,"doc":"出生时间 Time of birth"},{"name":"birthplace","type":["null","string"],"default":null,"doc":"出生地点 Place of birth"},{"name":"gestationWeeks","type":["null","int"],"default":null,"doc":"出生孕周 Weeks of gestation"},{"name":"birthWeightGrams","type":["null","int"],"default":null,"doc":"出生体重 Weight at birth; grams"},{"name":"birthLengthCm","type":["null","int"],"default":null,"doc":"出生身长 Length at birth; centimetres"},{"name":"institutionName","type":["null","string"],"default":null,"doc":"接生机构名称 Institution"},{"name":"institutionCreditCode","type":["null","string"],"default":null,"check":"credit-code","doc":"接生机构统一社会信用代码 Credit code of the institution; GB 32100-2015"},{"name":"motherId","type":["null","string"],"default":null,"check":"person-id","doc":"母亲身份号码 Mother's id; GB 11643-1999"},{"name":"motherName","type":["null","string"],"default":null,"doc":"母亲姓名 Mother's name"},{"name":"motherEthnicity","type":["null","string"],"default":null,"doc":"母亲民族 Mother's ethnic group; GB/T 3304-1991","codes":{"10":"朝鲜族","11":"满族","12":"侗族","13":"瑶族","14":"白族","15":"土家族","16":"哈尼族","17":"哈萨克族","18":"傣族","19":"黎族","20":"傈僳族","21":"佤族","22":"畲族","23":"高山族","24":"拉祜族","25":"水族","26":"东乡族","27":"纳西族","28":"景颇族","29":"柯尔克孜族","30":"土族","31":"达斡尔族","32":"仫佬族","33":"羌族","34":"布朗族","35":"撒拉族","36":"毛南族","37":"仡佬族","38":"锡伯族","39":"阿昌族","40":"普米族","41":"塔吉克族","42":"怒族","43":"乌孜别克族","44":"俄罗斯族","45":"鄂温克族","46":"德昂族","47":"保安族","48":"裕固族","49":"京族","50":"塔塔尔族","51":"独龙族","52":"鄂伦春族","53":"赫哲族","54":"门巴族","55":"珞巴族","56":"基诺族","01":"汉族","02":"蒙古族","03":"回族","04":"藏族","05":"维吾尔族","06":"苗族","07":"彝族","08":"壮族","09":"布依族"}},{"name":"fatherId","type":["null","string"],"default":null,"check":"person-id","doc":"父亲身份号码 Father's id; GB 11643-1999"},{"name":"fatherName","type":["null","string"],"default":null,"doc":"父亲姓名 Father's name"},{"name":"fatherEthnicity","type":["null","string"],"default":null,"doc":"父亲民族 Father's ethnic group; GB/T 3304-1991","codes":{"10":"朝鲜族","11":"满族","12":"侗族","13":"瑶族","14":"白族","15":"土家族","16":"哈尼族","17":"哈萨克族","18":"傣族","19":"黎族","20":"傈僳族","21":"佤族","22":"畲族","23":"高山族","24":"拉祜族","25":"水族","26":"东乡族","27":"纳西族","28":"景颇族","29":"柯尔克孜族","30":"土族","31":"达斡尔族","32":"仫佬族","33":"羌族","34":"布朗族","35":"撒拉族","36":"毛南族","37":"仡佬族","38":"锡伯族","39":"阿昌族","40":"普米族","41":"塔吉克族","42":"怒族","43":"乌孜别克族","44":"俄罗斯族","45":"鄂温克族","46":"德昂族","47":"保安族","48":"裕固族","49":"京族","50":"塔塔尔族","51":"独龙族","52":"鄂伦春族","53":"赫哲族","54":"门巴族","55":"珞巴族","56":"基诺族","01":"汉族","02":"蒙古族","03":"回族","04":"藏族","05":"维吾尔族","06":"苗族","07":"彝族","08":"壮族","09":"布依族"}},{"name":"residenceAddress","type":["null","string"],"default":null,"doc":"家庭现住址 Family's address"},{"name":"divisionCode","type":["null","string"],"default":null,"check":"division-code","doc":"行政区划代码 Division code; GB/T 2260 as of the record, so it may be one that no longer exists"},{"name":"issuedDate","type":["null",{"type":"int","logicalType":"date"}],"default":null,"doc":"签发日期 Date of issue"}]}],"default":null,"doc":"数据 null for ANNULLED only"}]};

const deathCertificateSchema: AvroRecordSchema = {"type":"record","name":"DeathCertificate","namespace":"cn.huitong.nhc","doc":"医疗卫生机构签发的死亡证明; 无身份号码的逝者不在本数据集。 Deaths as certified by medical institutions; the deceased without any personal id are outside this dataset.","huitong":{"dataset":"nhc.death-certificate","title":{"zh":"死亡医学证明","en":"Death certificate"},"subjectKey":"citizenId","subjectCheck":"person-id","reasons":{"INITIAL_LOAD":"初始装载","CERTIFICATE_ISSUED":"签发","CERTIFICATE_REISSUED":"补发","CAUSE_REVISED":"死因订正","IDENTITY_MISTAKEN":"身份误报","CERTIFICATE_VOIDED":"证明作废","CLERICAL_ERROR":"录入差错"},"annulmentDays":30,"counterparts":[{"dataset":"mca.cremation","verbs":["CREATED","CORRECTED"]},{"dataset":"psb.household-register","verbs":["CEASED"],"reasons":["DEATH_CANCELLED"]}],"sharing":"conditional","legalBasis":"国卫规划发〔2013〕57号; 国卫规划发〔2026〕5号; 社会保险经办条例第八条"},"fields":[{"name":"event_id","type":{"type":"string","logicalType":"uuid"},"doc":"事件标识 UUIDv7; the key of idempotency"},{"name":"verb","type":{"type":"enum","name":"Verb","symbols":["CREATED","CORRECTED","ANNULLED","CEASED"]},"doc":"动作 corrected: was wrong; ceased: was right, is over; annulled: never was"},{"name":"previous_event_id","type":["null","string"],"default":null,"doc":"前一事件 the event that this one corrects or annuls"},{"name":"reason","type":"string","doc":"变更原因 one of the reasons of this dataset"},{"name":"source_record_id","type":"string","doc":"源记录标识 the department's own key"},{"name":"source_version","type":"long","doc":"源记录版本 grows with every change of the record"},{"name":"valid_from","type":["null",{"type":"int","logicalType":"date"}],"default":null,"doc":"生效日期 true in the world from this day"},{"name":"valid_to","type":["null",{"type":"int","logicalType":"date"}],"default":null,"doc":"失效日期 true in the world until this day"},{"name":"recorded_at","type":{"type":"long","logicalType":"timestamp-millis"},"doc":"入库时间 when the source committed it; freshness is measured from here"},{"name":"data","type":["null",{"type":"record","name":"DeathCertificateData","fields":[{"name":"citizenId","type":"string","check":"person-id","doc":"逝者公民身份号码 Citizen id of the deceased; GB 11643-1999; the subject"},{"name":"certificateNo","type":["null","string"],"default":null,"doc":"死亡证明编号 Certificate number"},{"name":"name","type":["null","string"],"default":null,"doc":"姓名 Name"},{"name":"sex","type":["null","string"],"default":null,"doc":"性别 Sex; GB/T 2261.1","codes":{"0":"未知","1":"男","2":"女","9":"未说明"}},{"name":"ethnicity","type":["null","string"],"default":null,"doc":"民族 Ethnic group; GB/T 3304-1991","codes":{"10":"朝鲜族","11":"满族","12":"侗族","13":"瑶族","14":"白族","15":"土家族","16":"哈尼族","17":"哈萨克族","18":"傣族","19":"黎族","20":"傈僳族","21":"佤族","22":"畲族","23":"高山族","24":"拉祜族","25":"水族","26":"东乡族","27":"纳西族","28":"景颇族","29":"柯尔克孜族","30":"土族","31":"达斡尔族","32":"仫佬族","33":"羌族","34":"布朗族","35":"撒拉族","36":"毛南族","37":"仡佬族","38":"锡伯族","39":"阿昌族","40":"普米族","41":"塔吉克族","42":"怒族","43":"乌孜别克族","44":"俄罗斯族","45":"鄂温克族","46":"德昂族","47":"保安族","48":"裕固族","49":"京族","50":"塔塔尔族","51":"独龙族","52":"鄂伦春族","53":"赫哲族","54":"门巴族","55":"珞巴族","56":"基诺族","01":"汉族","02":"蒙古族","03":"回族","04":"藏族","05":"维吾尔族","06":"苗族","07":"彝族","08":"壮族","09":"布依族"}},{"name":"birthDate","type":["null",{"type":"int","logicalType":"date"}],"default":null,"doc":"出生日期 Date of birth"},{"name":"deathDate","type":{"type":"int","logicalType":"date"},"doc":"死亡日期 Date of death"},{"name":"deathAt","type":["null",{"type":"long","logicalType":"timestamp-millis"}],"default":null,"doc":"死亡时间 Time of death"},{"name":"deathPlace","type":["null","string"],"default":null,"doc":"死亡地点 Place of death"},{"name":"causeOfDeath","type":["null","string"],"default":null,"doc":"根本死因 Underlying cause of death"},{"name":"causeCode","type":["null","string"],"default":null,"doc":"根本死因编码 Code of the cause; ICD-10"},{"name":"institutionName","type":["null","string"],"default":null,"doc":"签发机构名称 Certifying institution"},{"name":"institutionCreditCode","type":["null","string"],"default":null,"check":"credit-code","doc":"签发机构统一社会信用代码 Credit code of the institution; GB 32100-2015"},{"name":"doctorName","type":["null","string"],"default":null,"doc":"签发医师 Certifying doctor"},{"name":"maritalStatus","type":["null","string"],"default":null,"doc":"婚姻状况 Marital status; GB/T 2261.2","codes":{"10":"未婚","20":"已婚","21":"初婚","22":"再婚","23":"复婚","30":"丧偶","40":"离婚","90":"未说明"}},{"name":"occupation","type":["null","string"],"default":null,"doc":"生前职业 Occupation; the department's own wording, no public code list"},{"name":"householdAddress","type":["null","string"],"default":null,"doc":"户籍地址 Registered address"},{"name":"residenceAddress","type":["null","string"],"default":null,"doc":"生前常住地址 Address of residence"},{"name":"divisionCode","type":["null","string"],"default":null,"check":"division-code","doc":"户籍地行政区划代码 Division code of the registered address; GB/T 2260 as of the record, so it may be one that no longer exists"},{"name":"informantName","type":["null","string"],"default":null,"doc":"申报人姓名 Informant's name"},{"name":"informantRelation","type":["null","string"],"default":null,"doc":"申报人与逝者关系 Informant's relation to the deceased; GB/T 4761-2008: 01 self, 02 head, 1x spouse, 2x son, 3x daughter, 4x grandchild, 5x parent, 6x grandparent, 7x sibling"},{"name":"informantPhone","type":["null","string"],"default":null,"doc":"申报人电话 Informant's telephone"},{"name":"issuedDate","type":["null",{"type":"int","logicalType":"date"}],"default":null,"doc":"签发日期 Date of issue"}]}],"default":null,"doc":"数据 null for ANNULLED only"}]};

const realEstateTitleSchema: AvroRecordSchema = {"type":"record","name":"RealEstateTitle","namespace":"cn.huitong.nrb","doc":"房屋所有权及其共有人, 一单元一权利人一条; 转移登记终止原权利人记录并新建。 House titles, one record per unit and co-owner; a transfer ceases the old owners' records and creates the new.","huitong":{"dataset":"nrb.real-estate-title","title":{"zh":"不动产权利","en":"Real estate title"},"subjectKey":"estateUnitNo","subjectCheck":"estate-unit","reasons":{"INITIAL_LOAD":"初始装载","FIRST_REGISTERED":"首次登记","ALTERED":"变更登记","TRANSFERRED":"转移登记","CANCELLED":"注销登记","RECTIFIED":"更正登记","OBJECTION":"异议登记","PRENOTICE":"预告登记","SEIZED":"查封登记","MORTGAGE_CHANGED":"抵押登记变动","UNIT_RENUMBERED":"不动产单元重新编码","CLERICAL_ERROR":"录入差错"},"annulmentDays":90,"sharing":"conditional","legalBasis":"不动产登记暂行条例第三条、第八条、第二十一条"},"fields":[{"name":"event_id","type":{"type":"string","logicalType":"uuid"},"doc":"事件标识 UUIDv7; the key of idempotency"},{"name":"verb","type":{"type":"enum","name":"Verb","symbols":["CREATED","CORRECTED","ANNULLED","CEASED"]},"doc":"动作 corrected: was wrong; ceased: was right, is over; annulled: never was"},{"name":"previous_event_id","type":["null","string"],"default":null,"doc":"前一事件 the event that this one corrects or annuls"},{"name":"reason","type":"string","doc":"变更原因 one of the reasons of this dataset"},{"name":"source_record_id","type":"string","doc":"源记录标识 the department's own key"},{"name":"source_version","type":"long","doc":"源记录版本 grows with every change of the record"},{"name":"valid_from","type":["null",{"type":"int","logicalType":"date"}],"default":null,"doc":"生效日期 true in the world from this day"},{"name":"valid_to","type":["null",{"type":"int","logicalType":"date"}],"default":null,"doc":"失效日期 true in the world until this day"},{"name":"recorded_at","type":{"type":"long","logicalType":"timestamp-millis"},"doc":"入库时间 when the source committed it; freshness is measured from here"},{"name":"data","type":["null",{"type":"record","name":"RealEstateTitleData","fields":[{"name":"estateUnitNo","type":"string","check":"estate-unit","doc":"不动产单元代码 Estate unit number; GB/T 37346-2019; the subject"},{"name":"formerEstateUnitNo","type":["null","string"],"default":null,"check":"estate-unit","doc":"原不动产单元代码 Former estate unit number; the number this unit had before"},{"name":"ownerName","type":"string","doc":"权利人名称 Name of the owner"},{"name":"ownerId","type":["null","string"],"default":null,"doc":"权利人证件号码 Owner's document number; citizen id, credit code or other, as ownerIdType says"},{"name":"ownerIdType","type":["null","string"],"default":null,"doc":"权利人证件种类 Kind of the owner's document; the department's own wording, no public code list"},{"name":"ownerType","type":["null","string"],"default":null,"doc":"权利人类型 Kind of owner; the department's own wording, no public code list"},{"name":"coOwnership","type":["null","string"],"default":null,"doc":"共有方式 Form of co-ownership; 0 sole, 1 joint, 2 by shares, 3 other","codes":{"0":"单独所有","1":"共同共有","2":"按份共有","3":"其他共有"}},{"name":"share","type":["null","string"],"default":null,"doc":"权利比例 Share; only for ownership by shares"},{"name":"certificateNo","type":["null","string"],"default":null,"doc":"不动产权证号 Number of the certificate"},{"name":"businessNo","type":["null","string"],"default":null,"doc":"业务号 Business number"},{"name":"previousBusinessNo","type":["null","string"],"default":null,"doc":"上手业务号 Previous business number"},{"name":"rightType","type":["null","string"],"default":null,"doc":"权利类型 Kind of right; the department's own wording, no public code list"},{"name":"registrationType","type":["null","string"],"default":null,"doc":"登记类型 Kind of registration; one of the eight kinds of article 3"},{"name":"location","type":["null","string"],"default":null,"doc":"坐落 Location"},{"name":"divisionCode","type":["null","string"],"default":null,"check":"division-code","doc":"行政区划代码 Division code; GB/T 2260 as of the record, so it may be one that no longer exists"},{"name":"plannedUse","type":["null","string"],"default":null,"doc":"规划用途 Planned use; the department's own wording, no public code list"},{"name":"houseNature","type":["null","string"],"default":null,"doc":"房屋性质 Nature of the house; the department's own wording, no public code list"},{"name":"structure","type":["null","string"],"default":null,"doc":"房屋结构 Structure; the department's own wording, no public code list"},{"name":"buildingArea","type":["null","string"],"default":null,"numeric":true,"doc":"建筑面积 Building area; square metres"},{"name":"exclusiveArea","type":["null","string"],"default":null,"numeric":true,"doc":"专有建筑面积 Exclusive area; square metres"},{"name":"landUseUntil","type":["null",{"type":"int","logicalType":"date"}],"default":null,"doc":"土地使用期限止 Land may be used until"},{"name":"transactionPrice","type":["null","string"],"default":null,"numeric":true,"doc":"交易价格 Price; yuan"},{"name":"registeredDate","type":["null",{"type":"int","logicalType":"date"}],"default":null,"doc":"登记时间 Registered on"},{"name":"isMortgaged","type":["null","boolean"],"default":null,"doc":"是否抵押 Mortgaged"},{"name":"isSeized","type":["null","boolean"],"default":null,"doc":"是否查封 Seized"}]}],"default":null,"doc":"数据 null for ANNULLED only"}]};

const householdRegisterSchema: AvroRecordSchema = {"type":"record","name":"HouseholdRegister","namespace":"cn.huitong.psb","doc":"公安机关户籍登记的常住人口, 一人一地一条。 Permanent residents as the public security bureau registers them: one person, one place, one record; a move out ceases the record.","huitong":{"dataset":"psb.household-register","title":{"zh":"户籍登记","en":"Household register"},"subjectKey":"citizenId","subjectCheck":"person-id","reasons":{"INITIAL_LOAD":"初始装载","BIRTH_REGISTERED":"出生登记","MOVED_IN":"迁入登记","MOVED_OUT":"迁出注销","DEATH_CANCELLED":"死亡注销","REINSTATED":"恢复户口","DETAILS_CHANGED":"登记项目变更","REZONED":"行政区划调整","DUPLICATE_CANCELLED":"重复户口注销","CLERICAL_ERROR":"录入差错"},"annulmentDays":30,"sharing":"conditional","legalBasis":"户口登记条例第六条、第七条、第八条; 居民身份证法第三条; 社会保险经办条例第八条"},"fields":[{"name":"event_id","type":{"type":"string","logicalType":"uuid"},"doc":"事件标识 UUIDv7; the key of idempotency"},{"name":"verb","type":{"type":"enum","name":"Verb","symbols":["CREATED","CORRECTED","ANNULLED","CEASED"]},"doc":"动作 corrected: was wrong; ceased: was right, is over; annulled: never was"},{"name":"previous_event_id","type":["null","string"],"default":null,"doc":"前一事件 the event that this one corrects or annuls"},{"name":"reason","type":"string","doc":"变更原因 one of the reasons of this dataset"},{"name":"source_record_id","type":"string","doc":"源记录标识 the department's own key"},{"name":"source_version","type":"long","doc":"源记录版本 grows with every change of the record"},{"name":"valid_from","type":["null",{"type":"int","logicalType":"date"}],"default":null,"doc":"生效日期 true in the world from this day"},{"name":"valid_to","type":["null",{"type":"int","logicalType":"date"}],"default":null,"doc":"失效日期 true in the world until this day"},{"name":"recorded_at","type":{"type":"long","logicalType":"timestamp-millis"},"doc":"入库时间 when the source committed it; freshness is measured from here"},{"name":"data","type":["null",{"type":"record","name":"HouseholdRegisterData","fields":[{"name":"citizenId","type":"string","check":"person-id","doc":"公民身份号码 Citizen id; GB 11643-1999; the subject"},{"name":"name","type":"string","doc":"姓名 Name"},{"name":"formerName","type":["null","string"],"default":null,"doc":"曾用名 Former name"},{"name":"sex","type":["null","string"],"default":null,"doc":"性别 Sex; GB/T 2261.1","codes":{"0":"未知","1":"男","2":"女","9":"未说明"}},{"name":"ethnicity","type":["null","string"],"default":null,"doc":"民族 Ethnic group; GB/T 3304-1991","codes":{"10":"朝鲜族","11":"满族","12":"侗族","13":"瑶族","14":"白族","15":"土家族","16":"哈尼族","17":"哈萨克族","18":"傣族","19":"黎族","20":"傈僳族","21":"佤族","22":"畲族","23":"高山族","24":"拉祜族","25":"水族","26":"东乡族","27":"纳西族","28":"景颇族","29":"柯尔克孜族","30":"土族","31":"达斡尔族","32":"仫佬族","33":"羌族","34":"布朗族","35":"撒拉族","36":"毛南族","37":"仡佬族","38":"锡伯族","39":"阿昌族","40":"普米族","41":"塔吉克族","42":"怒族","43":"乌孜别克族","44":"俄罗斯族","45":"鄂温克族","46":"德昂族","47":"保安族","48":"裕固族","49":"京族","50":"塔塔尔族","51":"独龙族","52":"鄂伦春族","53":"赫哲族","54":"门巴族","55":"珞巴族","56":"基诺族","01":"汉族","02":"蒙古族","03":"回族","04":"藏族","05":"维吾尔族","06":"苗族","07":"彝族","08":"壮族","09":"布依族"}},{"name":"birthDate","type":["null",{"type":"int","logicalType":"date"}],"default":null,"doc":"出生日期 Date of birth"},{"name":"birthplace","type":["null","string"],"default":null,"doc":"出生地 Place of birth"},{"name":"nativePlace","type":["null","string"],"default":null,"doc":"籍贯 Native place"},{"name":"householdNo","type":["null","string"],"default":null,"doc":"户号 Household number"},{"name":"householdType","type":["null","string"],"default":null,"doc":"户别 Kind of household; the department's own wording, no public code list"},{"name":"relationToHead","type":["null","string"],"default":null,"doc":"与户主关系 Relation to the head of household; GB/T 4761-2008: 01 self, 02 head, 1x spouse, 2x son, 3x daughter, 4x grandchild, 5x parent, 6x grandparent, 7x sibling"},{"name":"householdAddress","type":["null","string"],"default":null,"doc":"常住户口所在地住址 Registered address"},{"name":"divisionCode","type":["null","string"],"default":null,"check":"division-code","doc":"行政区划代码 Division code; GB/T 2260 as of the record, so it may be one that no longer exists"},{"name":"townshipCode","type":["null","string"],"default":null,"doc":"乡镇街道代码 Township code; GB/T 2260 code and three more digits"},{"name":"communityName","type":["null","string"],"default":null,"doc":"居(村)委会 Residents or villagers committee"},{"name":"maritalStatus","type":["null","string"],"default":null,"doc":"婚姻状况 Marital status; GB/T 2261.2","codes":{"10":"未婚","20":"已婚","21":"初婚","22":"再婚","23":"复婚","30":"丧偶","40":"离婚","90":"未说明"}},{"name":"education","type":["null","string"],"default":null,"doc":"文化程度 Education; the department's own wording, no public code list"},{"name":"occupation","type":["null","string"],"default":null,"doc":"职业 Occupation; the department's own wording, no public code list"},{"name":"registeredDate","type":["null",{"type":"int","logicalType":"date"}],"default":null,"doc":"登记日期 Date of registration"},{"name":"movedFrom","type":["null","string"],"default":null,"doc":"何地迁来 Moved in from"},{"name":"movedInDate","type":["null",{"type":"int","logicalType":"date"}],"default":null,"doc":"迁来日期 Date of moving in"},{"name":"policeStation","type":["null","string"],"default":null,"doc":"派出所 Police station"},{"name":"issuingAuthority","type":["null","string"],"default":null,"doc":"居民身份证签发机关 Issuing authority of the identity card"},{"name":"cardExpiryDate","type":["null",{"type":"int","logicalType":"date"}],"default":null,"doc":"居民身份证有效期止 Expiry of the identity card; null for a card without expiry"}]}],"default":null,"doc":"数据 null for ANNULLED only"}]};

const residencePermitSchema: AvroRecordSchema = {"type":"record","name":"ResidencePermit","namespace":"cn.huitong.psb","doc":"居住证、港澳台居民居住证和外国人永久居留身份证的签发与注销。 Residence permits of people registered elsewhere, of residents of Hong Kong, Macau and Taiwan, and foreigners' permanent residence cards.","huitong":{"dataset":"psb.residence-permit","title":{"zh":"居住证","en":"Residence permit"},"subjectKey":"citizenId","subjectCheck":"person-id","reasons":{"INITIAL_LOAD":"初始装载","ISSUED":"签发","RENEWED":"签注或换领","CARD_REPLACED":"换发新号码证件","ADDRESS_CHANGED":"居住地址变更","CANCELLED":"注销","EXPIRED":"到期失效","CLERICAL_ERROR":"录入差错"},"annulmentDays":30,"sharing":"conditional","legalBasis":"政务数据共享条例(国务院令第809号, 2025-08-01起施行)第十三条、第十九条"},"fields":[{"name":"event_id","type":{"type":"string","logicalType":"uuid"},"doc":"事件标识 UUIDv7; the key of idempotency"},{"name":"verb","type":{"type":"enum","name":"Verb","symbols":["CREATED","CORRECTED","ANNULLED","CEASED"]},"doc":"动作 corrected: was wrong; ceased: was right, is over; annulled: never was"},{"name":"previous_event_id","type":["null","string"],"default":null,"doc":"前一事件 the event that this one corrects or annuls"},{"name":"reason","type":"string","doc":"变更原因 one of the reasons of this dataset"},{"name":"source_record_id","type":"string","doc":"源记录标识 the department's own key"},{"name":"source_version","type":"long","doc":"源记录版本 grows with every change of the record"},{"name":"valid_from","type":["null",{"type":"int","logicalType":"date"}],"default":null,"doc":"生效日期 true in the world from this day"},{"name":"valid_to","type":["null",{"type":"int","logicalType":"date"}],"default":null,"doc":"失效日期 true in the world until this day"},{"name":"recorded_at","type":{"type":"long","logicalType":"timestamp-millis"},"doc":"入库时间 when the source committed it; freshness is measured from here"},{"name":"data","type":["null",{"type":"record","name":"ResidencePermitData","fields":[{"name":"citizenId","type":"string","check":"person-id","doc":"证件持有人号码 Holder id; 18 digits of GB 11643-1999, residence permit prefixes 81, 82, 83, or a foreigner's card; the subject"},{"name":"name","type":"string","doc":"姓名 Name"},{"name":"permitType","type":["null","string"],"default":null,"doc":"证件种类 Kind of permit; the department's own wording, no public code list"},{"name":"permitNo","type":["null","string"],"default":null,"doc":"居住证编号 Number of the permit"},{"name":"formerCardNo","type":["null","string"],"default":null,"check":"person-id","doc":"原证件号码 Former card number; the number this card replaced: the same person under an earlier id"},{"name":"sex","type":["null","string"],"default":null,"doc":"性别 Sex; GB/T 2261.1","codes":{"0":"未知","1":"男","2":"女","9":"未说明"}},{"name":"birthDate","type":["null",{"type":"int","logicalType":"date"}],"default":null,"doc":"出生日期 Date of birth"},{"name":"ethnicity","type":["null","string"],"default":null,"doc":"民族 Ethnic group; GB/T 3304-1991","codes":{"10":"朝鲜族","11":"满族","12":"侗族","13":"瑶族","14":"白族","15":"土家族","16":"哈尼族","17":"哈萨克族","18":"傣族","19":"黎族","20":"傈僳族","21":"佤族","22":"畲族","23":"高山族","24":"拉祜族","25":"水族","26":"东乡族","27":"纳西族","28":"景颇族","29":"柯尔克孜族","30":"土族","31":"达斡尔族","32":"仫佬族","33":"羌族","34":"布朗族","35":"撒拉族","36":"毛南族","37":"仡佬族","38":"锡伯族","39":"阿昌族","40":"普米族","41":"塔吉克族","42":"怒族","43":"乌孜别克族","44":"俄罗斯族","45":"鄂温克族","46":"德昂族","47":"保安族","48":"裕固族","49":"京族","50":"塔塔尔族","51":"独龙族","52":"鄂伦春族","53":"赫哲族","54":"门巴族","55":"珞巴族","56":"基诺族","01":"汉族","02":"蒙古族","03":"回族","04":"藏族","05":"维吾尔族","06":"苗族","07":"彝族","08":"壮族","09":"布依族"}},{"name":"nationality","type":["null","string"],"default":null,"doc":"国籍 Nationality; ISO 3166-1 alpha-3"},{"name":"homeAddress","type":["null","string"],"default":null,"doc":"户籍地址 Registered address elsewhere"},{"name":"homeDivisionCode","type":["null","string"],"default":null,"check":"division-code","doc":"户籍地行政区划代码 Division code of the registered address; GB/T 2260"},{"name":"residenceAddress","type":["null","string"],"default":null,"doc":"现居住地址 Address of residence"},{"name":"divisionCode","type":["null","string"],"default":null,"check":"division-code","doc":"居住地行政区划代码 Division code of residence; GB/T 2260 as of the record, so it may be one that no longer exists"},{"name":"townshipCode","type":["null","string"],"default":null,"doc":"乡镇街道代码 Township code; GB/T 2260 code and three more digits"},{"name":"residenceReason","type":["null","string"],"default":null,"doc":"居住事由 Reason of residence; the department's own wording, no public code list"},{"name":"arrivedDate","type":["null",{"type":"int","logicalType":"date"}],"default":null,"doc":"来本地日期 Date of arrival"},{"name":"issuedDate","type":["null",{"type":"int","logicalType":"date"}],"default":null,"doc":"签发日期 Date of issue"},{"name":"expiryDate","type":["null",{"type":"int","logicalType":"date"}],"default":null,"doc":"有效期止 Date of expiry"},{"name":"issuingAuthority","type":["null","string"],"default":null,"doc":"签发机关 Issuing authority"},{"name":"employerName","type":["null","string"],"default":null,"doc":"从业单位 Employer"},{"name":"phone","type":["null","string"],"default":null,"doc":"联系电话 Telephone"}]}],"default":null,"doc":"数据 null for ANNULLED only"}]};

const vehicleSchema: AvroRecordSchema = {"type":"record","name":"Vehicle","namespace":"cn.huitong.psb","doc":"自然人名下机动车的注册、转移和注销登记, 一车一所有人一条。 Motor vehicles registered to natural persons: one record per vehicle and owner; a transfer ceases it at the old owner and creates one at the new.","huitong":{"dataset":"psb.vehicle","title":{"zh":"机动车登记","en":"Vehicle registration"},"subjectKey":"citizenId","subjectCheck":"person-id","reasons":{"INITIAL_LOAD":"初始装载","REGISTERED":"注册登记","TRANSFERRED_IN":"转移登记(转入)","TRANSFERRED_OUT":"转移登记(转出)","DETAILS_CHANGED":"变更登记","MORTGAGE_CHANGED":"抵押登记","DEREGISTERED":"注销登记","SCRAPPED":"报废","CLERICAL_ERROR":"录入差错"},"annulmentDays":30,"sharing":"conditional","legalBasis":"最低生活保障审核确认办法(民政部, 2021-07-01起施行)第十七条(车船信息核对)"},"fields":[{"name":"event_id","type":{"type":"string","logicalType":"uuid"},"doc":"事件标识 UUIDv7; the key of idempotency"},{"name":"verb","type":{"type":"enum","name":"Verb","symbols":["CREATED","CORRECTED","ANNULLED","CEASED"]},"doc":"动作 corrected: was wrong; ceased: was right, is over; annulled: never was"},{"name":"previous_event_id","type":["null","string"],"default":null,"doc":"前一事件 the event that this one corrects or annuls"},{"name":"reason","type":"string","doc":"变更原因 one of the reasons of this dataset"},{"name":"source_record_id","type":"string","doc":"源记录标识 the department's own key"},{"name":"source_version","type":"long","doc":"源记录版本 grows with every change of the record"},{"name":"valid_from","type":["null",{"type":"int","logicalType":"date"}],"default":null,"doc":"生效日期 true in the world from this day"},{"name":"valid_to","type":["null",{"type":"int","logicalType":"date"}],"default":null,"doc":"失效日期 true in the world until this day"},{"name":"recorded_at","type":{"type":"long","logicalType":"timestamp-millis"},"doc":"入库时间 when the source committed it; freshness is measured from here"},{"name":"data","type":["null",{"type":"record","name":"VehicleData","fields":[{"name":"citizenId","type":"string","check":"person-id","doc":"所有人身份号码 Owner's id; GB 11643-1999; the subject"},{"name":"ownerName","type":["null","string"],"default":null,"doc":"所有人姓名 Name of the owner"},{"name":"plateNo","type":"string","doc":"号牌号码 Plate number"},{"name":"plateType","type":["null","string"],"default":null,"doc":"号牌种类 Kind of plate; the department's own wording, no public code list"},{"name":"vehicleType","type":["null","string"],"default":null,"doc":"车辆类型 Kind of vehicle; the department's own wording, no public code list"},{"name":"brand","type":["null","string"],"default":null,"doc":"品牌 Brand"},{"name":"model","type":["null","string"],"default":null,"doc":"型号 Model"},{"name":"vin","type":["null","string"],"default":null,"doc":"车辆识别代号 Vehicle identification number"},{"name":"engineNo","type":["null","string"],"default":null,"doc":"发动机号 Engine number"},{"name":"usage","type":["null","string"],"default":null,"doc":"使用性质 Use; the department's own wording, no public code list"},{"name":"colour","type":["null","string"],"default":null,"doc":"车身颜色 Colour"},{"name":"seats","type":["null","int"],"default":null,"doc":"核定载客数 Seats"},{"name":"purchasePrice","type":["null","string"],"default":null,"numeric":true,"doc":"购置价格 Purchase price; yuan"},{"name":"firstRegisteredDate","type":["null",{"type":"int","logicalType":"date"}],"default":null,"doc":"初次登记日期 First registered"},{"name":"licenceIssuedDate","type":["null",{"type":"int","logicalType":"date"}],"default":null,"doc":"行驶证发证日期 Licence issued"},{"name":"inspectionExpiryDate","type":["null",{"type":"int","logicalType":"date"}],"default":null,"doc":"检验有效期止 Inspection valid until"},{"name":"scrapDueDate","type":["null",{"type":"int","logicalType":"date"}],"default":null,"doc":"强制报废期止 Must be scrapped by"},{"name":"isMortgaged","type":["null","boolean"],"default":null,"doc":"是否抵押 Mortgaged"},{"name":"status","type":["null","string"],"default":null,"doc":"机动车状态 Status; the department's own wording, no public code list"},{"name":"registrationAuthority","type":["null","string"],"default":null,"doc":"登记机关 Registration authority"},{"name":"divisionCode","type":["null","string"],"default":null,"check":"division-code","doc":"行政区划代码 Division code; GB/T 2260 as of the record, so it may be one that no longer exists"}]}],"default":null,"doc":"数据 null for ANNULLED only"}]};

const institutionRegistrationSchema: AvroRecordSchema = {"type":"record","name":"InstitutionRegistration","namespace":"cn.huitong.sco","doc":"机构编制部门登记的机关、事业单位和群众团体。 Organs, public institutions and people's organisations registered by the staffing office.","huitong":{"dataset":"sco.institution-registration","title":{"zh":"机关事业单位登记","en":"Institution registration"},"subjectKey":"creditCode","subjectCheck":"credit-code","reasons":{"INITIAL_LOAD":"初始装载","FOUNDED":"设立登记","CHANGED":"变更登记","MERGED":"合并","DEREGISTERED":"注销登记","REVOKED":"撤销登记","CERTIFICATE_RENEWED":"换领证书","CLERICAL_ERROR":"录入差错"},"annulmentDays":90,"sharing":"unconditional","legalBasis":"国发〔2015〕33号; 政务数据共享条例(国务院令第809号, 2025-08-01起施行)第十三条"},"fields":[{"name":"event_id","type":{"type":"string","logicalType":"uuid"},"doc":"事件标识 UUIDv7; the key of idempotency"},{"name":"verb","type":{"type":"enum","name":"Verb","symbols":["CREATED","CORRECTED","ANNULLED","CEASED"]},"doc":"动作 corrected: was wrong; ceased: was right, is over; annulled: never was"},{"name":"previous_event_id","type":["null","string"],"default":null,"doc":"前一事件 the event that this one corrects or annuls"},{"name":"reason","type":"string","doc":"变更原因 one of the reasons of this dataset"},{"name":"source_record_id","type":"string","doc":"源记录标识 the department's own key"},{"name":"source_version","type":"long","doc":"源记录版本 grows with every change of the record"},{"name":"valid_from","type":["null",{"type":"int","logicalType":"date"}],"default":null,"doc":"生效日期 true in the world from this day"},{"name":"valid_to","type":["null",{"type":"int","logicalType":"date"}],"default":null,"doc":"失效日期 true in the world until this day"},{"name":"recorded_at","type":{"type":"long","logicalType":"timestamp-millis"},"doc":"入库时间 when the source committed it; freshness is measured from here"},{"name":"data","type":["null",{"type":"record","name":"InstitutionRegistrationData","fields":[{"name":"creditCode","type":"string","check":"credit-code","doc":"统一社会信用代码 Unified social credit code; GB 32100-2015; the subject"},{"name":"name","type":"string","doc":"名称 Name"},{"name":"institutionKind","type":["null","string"],"default":null,"doc":"机构类别 Kind of institution; GB 32100-2015, class under registration department 1","codes":{"1":"机关","2":"事业单位","3":"群众团体","9":"其他"}},{"name":"otherNames","type":["null","string"],"default":null,"doc":"其他名称 Other names"},{"name":"organisationCode","type":["null","string"],"default":null,"check":"organisation-code","doc":"组织机构代码 Organisation code; GB 11714-1997"},{"name":"legalRepresentative","type":["null","string"],"default":null,"doc":"法定代表人 Legal representative"},{"name":"businessScope","type":["null","string"],"default":null,"doc":"宗旨和业务范围 Purpose and scope"},{"name":"fundingSource","type":["null","string"],"default":null,"doc":"经费来源 Source of funds; the department's own wording, no public code list"},{"name":"startingFunds","type":["null","string"],"default":null,"numeric":true,"doc":"开办资金 Starting funds; yuan"},{"name":"sponsor","type":["null","string"],"default":null,"doc":"举办单位 Sponsor"},{"name":"sponsorCreditCode","type":["null","string"],"default":null,"check":"credit-code","doc":"举办单位统一社会信用代码 Credit code of the sponsor; GB 32100-2015"},{"name":"address","type":["null","string"],"default":null,"doc":"住所 Domicile"},{"name":"divisionCode","type":["null","string"],"default":null,"check":"division-code","doc":"行政区划代码 Division code; GB/T 2260 as of the record, so it may be one that no longer exists"},{"name":"registrationAuthority","type":["null","string"],"default":null,"doc":"登记管理机关 Registration authority"},{"name":"foundedDate","type":["null",{"type":"int","logicalType":"date"}],"default":null,"doc":"成立日期 Date of foundation"},{"name":"approvedDate","type":["null",{"type":"int","logicalType":"date"}],"default":null,"doc":"核准日期 Date of approval"},{"name":"certificateExpiryDate","type":["null",{"type":"int","logicalType":"date"}],"default":null,"doc":"证书有效期止 Expiry of the certificate"},{"name":"staffQuota","type":["null","int"],"default":null,"doc":"编制数 Authorised staff"},{"name":"status","type":["null","string"],"default":null,"doc":"机构状态 Status; GB/T 36104-2018","codes":{"1":"正常","2":"异常","3":"吊销","4":"注销/撤销","9":"其他"}},{"name":"phone","type":["null","string"],"default":null,"doc":"联系电话 Telephone"}]}],"default":null,"doc":"数据 null for ANNULLED only"}]};

/** Every dataset's declaration, by name. */
export const datasets = {
  'amr.enterprise-registration': {
    dataset: 'amr.enterprise-registration',
    department: "amr",
    topic: "dept.amr.enterprise-registration.v1",
    doc: "市场主体(企业、个体工商户、农民专业合作社)登记; 吊销不等于注销, 注销才终止记录。 Registration of enterprises, sole traders and cooperatives; a revoked licence leaves the entity in being, only de-registration ceases the record.",
    title: {
      "zh": "市场主体登记",
      "en": "Market entity registration"
    },
    subjectKey: "creditCode",
    subjectCheck: "credit-code",
    reasons: {
      "INITIAL_LOAD": "初始装载",
      "FOUNDED": "设立登记",
      "CHANGED": "变更登记",
      "SUSPENDED": "歇业备案",
      "RESUMED": "恢复营业",
      "LISTED_ABNORMAL": "列入经营异常名录",
      "DELISTED_ABNORMAL": "移出经营异常名录",
      "LICENCE_REVOKED": "吊销营业执照",
      "DEREGISTERED": "注销登记",
      "REGISTRATION_CANCELLED": "撤销登记",
      "CLERICAL_ERROR": "录入差错"
    },
    annulmentDays: 90,
    freshness: {
      "withinSeconds": 30,
      "percent": 99
    },
    sharing: "conditional",
    legalBasis: "市场主体登记管理条例第八条、第二十一条、第二十四条、第三十条、第三十一条",
    fields: {
      "creditCode": {
        "type": "string",
        "nullable": false,
        "titleZh": "统一社会信用代码",
        "titleEn": "Unified social credit code",
        "check": "credit-code"
      },
      "name": {
        "type": "string",
        "nullable": false,
        "titleZh": "名称",
        "titleEn": "Name"
      },
      "registrationNo": {
        "type": "string",
        "nullable": true,
        "titleZh": "注册号",
        "titleEn": "Registration number",
        "check": "registration-number"
      },
      "organisationCode": {
        "type": "string",
        "nullable": true,
        "titleZh": "组织机构代码",
        "titleEn": "Organisation code",
        "check": "organisation-code"
      },
      "enterpriseType": {
        "type": "string",
        "nullable": true,
        "titleZh": "市场主体类型",
        "titleEn": "Kind of entity"
      },
      "economicTypeCode": {
        "type": "string",
        "nullable": true,
        "titleZh": "经济类型代码",
        "titleEn": "Economic type"
      },
      "industryCode": {
        "type": "string",
        "nullable": true,
        "titleZh": "行业代码",
        "titleEn": "Industry"
      },
      "legalRepresentative": {
        "type": "string",
        "nullable": true,
        "titleZh": "法定代表人",
        "titleEn": "Legal representative"
      },
      "legalRepresentativeId": {
        "type": "string",
        "nullable": true,
        "titleZh": "法定代表人身份号码",
        "titleEn": "Id of the legal representative",
        "check": "person-id"
      },
      "registeredCapital": {
        "type": "string",
        "nullable": true,
        "titleZh": "注册资本",
        "titleEn": "Registered capital",
        "numeric": true
      },
      "registeredCapitalText": {
        "type": "string",
        "nullable": true,
        "titleZh": "注册资本原文",
        "titleEn": "Registered capital as published"
      },
      "capitalCurrency": {
        "type": "string",
        "nullable": true,
        "titleZh": "币种",
        "titleEn": "Currency"
      },
      "businessScope": {
        "type": "string",
        "nullable": true,
        "titleZh": "经营范围",
        "titleEn": "Scope of business"
      },
      "foundedDate": {
        "type": "date",
        "nullable": true,
        "titleZh": "成立日期",
        "titleEn": "Date of foundation"
      },
      "approvedDate": {
        "type": "date",
        "nullable": true,
        "titleZh": "核准日期",
        "titleEn": "Date of approval"
      },
      "businessUntil": {
        "type": "date",
        "nullable": true,
        "titleZh": "经营期限至",
        "titleEn": "In business until"
      },
      "province": {
        "type": "string",
        "nullable": true,
        "titleZh": "所在省份",
        "titleEn": "Province"
      },
      "city": {
        "type": "string",
        "nullable": true,
        "titleZh": "所在城市",
        "titleEn": "City"
      },
      "address": {
        "type": "string",
        "nullable": true,
        "titleZh": "住所",
        "titleEn": "Domicile"
      },
      "divisionCode": {
        "type": "string",
        "nullable": true,
        "titleZh": "行政区划代码",
        "titleEn": "Division code",
        "check": "division-code"
      },
      "businessAddress": {
        "type": "string",
        "nullable": true,
        "titleZh": "生产经营地址",
        "titleEn": "Place of business"
      },
      "registrationAuthority": {
        "type": "string",
        "nullable": true,
        "titleZh": "登记机关",
        "titleEn": "Registration authority"
      },
      "registrationBusinessType": {
        "type": "string",
        "nullable": true,
        "titleZh": "登记业务类型",
        "titleEn": "Kind of registration",
        "codes": {
          "11": "机关",
          "12": "机关内设",
          "90": "其他",
          "01": "设立",
          "02": "变更",
          "03": "注销"
        }
      },
      "status": {
        "type": "string",
        "nullable": true,
        "titleZh": "机构状态",
        "titleEn": "Status",
        "codes": {
          "1": "正常",
          "2": "异常",
          "3": "吊销",
          "4": "注销/撤销",
          "9": "其他"
        }
      },
      "phone": {
        "type": "string",
        "nullable": true,
        "titleZh": "联系电话",
        "titleEn": "Telephone"
      }
    },
    schema: enterpriseRegistrationSchema,
  },
  'dpf.disability-certificate': {
    dataset: 'dpf.disability-certificate',
    department: "dpf",
    topic: "dept.dpf.disability-certificate.v1",
    doc: "残疾人联合会核发的残疾人证。 Disability certificates issued by the disabled persons' federation.",
    title: {
      "zh": "残疾人证",
      "en": "Disability certificate"
    },
    subjectKey: "citizenId",
    subjectCheck: "person-id",
    reasons: {
      "INITIAL_LOAD": "初始装载",
      "ISSUED": "核发",
      "RENEWED": "换领",
      "LEVEL_CHANGED": "等级变更",
      "REISSUED": "补办",
      "MOVED": "迁移",
      "CANCELLED": "注销",
      "FROZEN": "冻结",
      "CLERICAL_ERROR": "录入差错"
    },
    annulmentDays: 30,
    freshness: {
      "withinSeconds": 30,
      "percent": 99
    },
    sharing: "conditional",
    legalBasis: "最低生活保障审核确认办法(民政部, 2021-07-01起施行)第八条; 政务数据共享条例(国务院令第809号, 2025-08-01起施行)第十三条",
    fields: {
      "citizenId": {
        "type": "string",
        "nullable": false,
        "titleZh": "持证人身份号码",
        "titleEn": "Holder's id",
        "check": "person-id"
      },
      "certificateNo": {
        "type": "string",
        "nullable": false,
        "titleZh": "残疾人证号",
        "titleEn": "Certificate number"
      },
      "name": {
        "type": "string",
        "nullable": true,
        "titleZh": "姓名",
        "titleEn": "Name"
      },
      "sex": {
        "type": "string",
        "nullable": true,
        "titleZh": "性别",
        "titleEn": "Sex",
        "codes": {
          "0": "未知",
          "1": "男",
          "2": "女",
          "9": "未说明"
        }
      },
      "ethnicity": {
        "type": "string",
        "nullable": true,
        "titleZh": "民族",
        "titleEn": "Ethnic group",
        "codes": {
          "10": "朝鲜族",
          "11": "满族",
          "12": "侗族",
          "13": "瑶族",
          "14": "白族",
          "15": "土家族",
          "16": "哈尼族",
          "17": "哈萨克族",
          "18": "傣族",
          "19": "黎族",
          "20": "傈僳族",
          "21": "佤族",
          "22": "畲族",
          "23": "高山族",
          "24": "拉祜族",
          "25": "水族",
          "26": "东乡族",
          "27": "纳西族",
          "28": "景颇族",
          "29": "柯尔克孜族",
          "30": "土族",
          "31": "达斡尔族",
          "32": "仫佬族",
          "33": "羌族",
          "34": "布朗族",
          "35": "撒拉族",
          "36": "毛南族",
          "37": "仡佬族",
          "38": "锡伯族",
          "39": "阿昌族",
          "40": "普米族",
          "41": "塔吉克族",
          "42": "怒族",
          "43": "乌孜别克族",
          "44": "俄罗斯族",
          "45": "鄂温克族",
          "46": "德昂族",
          "47": "保安族",
          "48": "裕固族",
          "49": "京族",
          "50": "塔塔尔族",
          "51": "独龙族",
          "52": "鄂伦春族",
          "53": "赫哲族",
          "54": "门巴族",
          "55": "珞巴族",
          "56": "基诺族",
          "01": "汉族",
          "02": "蒙古族",
          "03": "回族",
          "04": "藏族",
          "05": "维吾尔族",
          "06": "苗族",
          "07": "彝族",
          "08": "壮族",
          "09": "布依族"
        }
      },
      "birthDate": {
        "type": "date",
        "nullable": true,
        "titleZh": "出生日期",
        "titleEn": "Date of birth"
      },
      "category": {
        "type": "string",
        "nullable": true,
        "titleZh": "残疾类别",
        "titleEn": "Category of disability"
      },
      "level": {
        "type": "string",
        "nullable": true,
        "titleZh": "残疾等级",
        "titleEn": "Level of disability"
      },
      "isMultiple": {
        "type": "boolean",
        "nullable": true,
        "titleZh": "是否多重残疾",
        "titleEn": "Multiple disabilities"
      },
      "guardianName": {
        "type": "string",
        "nullable": true,
        "titleZh": "监护人姓名",
        "titleEn": "Guardian's name"
      },
      "guardianId": {
        "type": "string",
        "nullable": true,
        "titleZh": "监护人身份号码",
        "titleEn": "Guardian's id",
        "check": "person-id"
      },
      "guardianPhone": {
        "type": "string",
        "nullable": true,
        "titleZh": "监护人电话",
        "titleEn": "Guardian's telephone"
      },
      "householdAddress": {
        "type": "string",
        "nullable": true,
        "titleZh": "户籍地址",
        "titleEn": "Registered address"
      },
      "residenceAddress": {
        "type": "string",
        "nullable": true,
        "titleZh": "现住址",
        "titleEn": "Address of residence"
      },
      "divisionCode": {
        "type": "string",
        "nullable": true,
        "titleZh": "户籍地行政区划代码",
        "titleEn": "Division code of the registered address",
        "check": "division-code"
      },
      "assessingInstitution": {
        "type": "string",
        "nullable": true,
        "titleZh": "评定机构",
        "titleEn": "Assessing institution"
      },
      "issuingAuthority": {
        "type": "string",
        "nullable": true,
        "titleZh": "批准残联",
        "titleEn": "Issuing federation"
      },
      "issuedDate": {
        "type": "date",
        "nullable": true,
        "titleZh": "发证日期",
        "titleEn": "Date of issue"
      },
      "expiryDate": {
        "type": "date",
        "nullable": true,
        "titleZh": "有效期止",
        "titleEn": "Date of expiry"
      },
      "status": {
        "type": "string",
        "nullable": true,
        "titleZh": "证件状态",
        "titleEn": "Status"
      }
    },
    schema: disabilityCertificateSchema,
  },
  'hcb.dwelling': {
    dataset: 'hcb.dwelling',
    department: "hcb",
    topic: "dept.hcb.dwelling.v1",
    doc: "住房城乡建设部门的房屋(户室)档案, 一单元一条。 Dwellings in the building table of the housing bureau: one record per unit.",
    title: {
      "zh": "房屋楼盘",
      "en": "Dwelling"
    },
    subjectKey: "estateUnitNo",
    subjectCheck: "estate-unit",
    reasons: {
      "INITIAL_LOAD": "初始装载",
      "BUILT": "竣工入库",
      "SURVEYED": "测绘变更",
      "CONTRACT_FILED": "合同备案",
      "USE_CHANGED": "用途变更",
      "SPLIT": "分割",
      "MERGED": "合并",
      "UNIT_RENUMBERED": "不动产单元重新编码",
      "DEMOLISHED": "拆除灭失",
      "CLERICAL_ERROR": "录入差错"
    },
    annulmentDays: 90,
    freshness: {
      "withinSeconds": 60,
      "percent": 99
    },
    sharing: "conditional",
    legalBasis: "政务数据共享条例(国务院令第809号, 2025-08-01起施行)第十三条、第十九条",
    fields: {
      "estateUnitNo": {
        "type": "string",
        "nullable": false,
        "titleZh": "不动产单元代码",
        "titleEn": "Estate unit number",
        "check": "estate-unit"
      },
      "formerEstateUnitNo": {
        "type": "string",
        "nullable": true,
        "titleZh": "原不动产单元代码",
        "titleEn": "Former estate unit number",
        "check": "estate-unit"
      },
      "address": {
        "type": "string",
        "nullable": true,
        "titleZh": "房屋坐落",
        "titleEn": "Address"
      },
      "divisionCode": {
        "type": "string",
        "nullable": true,
        "titleZh": "行政区划代码",
        "titleEn": "Division code",
        "check": "division-code"
      },
      "townshipCode": {
        "type": "string",
        "nullable": true,
        "titleZh": "乡镇街道代码",
        "titleEn": "Township code"
      },
      "estateName": {
        "type": "string",
        "nullable": true,
        "titleZh": "小区名称",
        "titleEn": "Name of the estate"
      },
      "buildingNo": {
        "type": "string",
        "nullable": true,
        "titleZh": "幢号",
        "titleEn": "Building"
      },
      "entranceNo": {
        "type": "string",
        "nullable": true,
        "titleZh": "单元号",
        "titleEn": "Entrance"
      },
      "roomNo": {
        "type": "string",
        "nullable": true,
        "titleZh": "户室号",
        "titleEn": "Room"
      },
      "floor": {
        "type": "int",
        "nullable": true,
        "titleZh": "所在层",
        "titleEn": "Floor"
      },
      "totalFloors": {
        "type": "int",
        "nullable": true,
        "titleZh": "总层数",
        "titleEn": "Floors of the building"
      },
      "layout": {
        "type": "string",
        "nullable": true,
        "titleZh": "户型",
        "titleEn": "Layout"
      },
      "structure": {
        "type": "string",
        "nullable": true,
        "titleZh": "房屋结构",
        "titleEn": "Structure"
      },
      "plannedUse": {
        "type": "string",
        "nullable": true,
        "titleZh": "规划用途",
        "titleEn": "Planned use"
      },
      "houseNature": {
        "type": "string",
        "nullable": true,
        "titleZh": "房屋性质",
        "titleEn": "Nature of the house"
      },
      "buildingArea": {
        "type": "string",
        "nullable": true,
        "titleZh": "建筑面积",
        "titleEn": "Building area",
        "numeric": true
      },
      "innerArea": {
        "type": "string",
        "nullable": true,
        "titleZh": "套内面积",
        "titleEn": "Inner area",
        "numeric": true
      },
      "longitude": {
        "type": "double",
        "nullable": true,
        "titleZh": "经度",
        "titleEn": "Longitude"
      },
      "latitude": {
        "type": "double",
        "nullable": true,
        "titleZh": "纬度",
        "titleEn": "Latitude"
      },
      "completedDate": {
        "type": "date",
        "nullable": true,
        "titleZh": "竣工日期",
        "titleEn": "Completed on"
      },
      "developerName": {
        "type": "string",
        "nullable": true,
        "titleZh": "开发企业",
        "titleEn": "Developer"
      },
      "developerCreditCode": {
        "type": "string",
        "nullable": true,
        "titleZh": "开发企业统一社会信用代码",
        "titleEn": "Credit code of the developer",
        "check": "credit-code"
      },
      "contractNo": {
        "type": "string",
        "nullable": true,
        "titleZh": "备案合同号",
        "titleEn": "Number of the filed contract"
      },
      "contractFiledDate": {
        "type": "date",
        "nullable": true,
        "titleZh": "合同备案日期",
        "titleEn": "Contract filed on"
      },
      "status": {
        "type": "string",
        "nullable": true,
        "titleZh": "房屋状态",
        "titleEn": "Status"
      }
    },
    schema: dwellingSchema,
  },
  'hcb.public-rental': {
    dataset: 'hcb.public-rental',
    department: "hcb",
    topic: "dept.hcb.public-rental.v1",
    doc: "公共租赁住房的配租合同, 一合同一条。 Leases of public rental dwellings: one record per contract.",
    title: {
      "zh": "公共租赁住房",
      "en": "Public rental housing"
    },
    subjectKey: "estateUnitNo",
    subjectCheck: "estate-unit",
    reasons: {
      "INITIAL_LOAD": "初始装载",
      "LEASED": "配租签约",
      "RENEWED": "续租",
      "RENT_CHANGED": "租金调整",
      "ELIGIBILITY_REVIEWED": "资格复核",
      "TENANT_CHANGED": "承租人变更",
      "VACATED": "退租腾退",
      "TERMINATED": "合同解除",
      "CLERICAL_ERROR": "录入差错"
    },
    annulmentDays: 30,
    freshness: {
      "withinSeconds": 60,
      "percent": 99
    },
    sharing: "conditional",
    legalBasis: "政务数据共享条例(国务院令第809号, 2025-08-01起施行)第十三条、第十九条",
    fields: {
      "estateUnitNo": {
        "type": "string",
        "nullable": false,
        "titleZh": "不动产单元代码",
        "titleEn": "Estate unit number",
        "check": "estate-unit"
      },
      "contractNo": {
        "type": "string",
        "nullable": false,
        "titleZh": "租赁合同号",
        "titleEn": "Number of the lease"
      },
      "tenantId": {
        "type": "string",
        "nullable": true,
        "titleZh": "承租人身份号码",
        "titleEn": "Tenant's id",
        "check": "person-id"
      },
      "tenantName": {
        "type": "string",
        "nullable": true,
        "titleZh": "承租人姓名",
        "titleEn": "Tenant's name"
      },
      "tenantPhone": {
        "type": "string",
        "nullable": true,
        "titleZh": "承租人电话",
        "titleEn": "Tenant's telephone"
      },
      "occupantCount": {
        "type": "int",
        "nullable": true,
        "titleZh": "共同居住人数",
        "titleEn": "Number of occupants"
      },
      "projectName": {
        "type": "string",
        "nullable": true,
        "titleZh": "项目名称",
        "titleEn": "Name of the project"
      },
      "address": {
        "type": "string",
        "nullable": true,
        "titleZh": "房屋坐落",
        "titleEn": "Address"
      },
      "divisionCode": {
        "type": "string",
        "nullable": true,
        "titleZh": "行政区划代码",
        "titleEn": "Division code",
        "check": "division-code"
      },
      "buildingArea": {
        "type": "string",
        "nullable": true,
        "titleZh": "建筑面积",
        "titleEn": "Building area",
        "numeric": true
      },
      "monthlyRent": {
        "type": "string",
        "nullable": true,
        "titleZh": "月租金",
        "titleEn": "Monthly rent",
        "numeric": true
      },
      "subsidyAmount": {
        "type": "string",
        "nullable": true,
        "titleZh": "月租赁补贴",
        "titleEn": "Monthly rent subsidy",
        "numeric": true
      },
      "depositAmount": {
        "type": "string",
        "nullable": true,
        "titleZh": "押金",
        "titleEn": "Deposit",
        "numeric": true
      },
      "leaseFrom": {
        "type": "date",
        "nullable": true,
        "titleZh": "租期起",
        "titleEn": "Lease from"
      },
      "leaseUntil": {
        "type": "date",
        "nullable": true,
        "titleZh": "租期止",
        "titleEn": "Lease until"
      },
      "movedInDate": {
        "type": "date",
        "nullable": true,
        "titleZh": "入住日期",
        "titleEn": "Moved in on"
      },
      "movedOutDate": {
        "type": "date",
        "nullable": true,
        "titleZh": "腾退日期",
        "titleEn": "Moved out on"
      },
      "rentPaidThrough": {
        "type": "date",
        "nullable": true,
        "titleZh": "租金缴至",
        "titleEn": "Rent paid through"
      },
      "arrearsAmount": {
        "type": "string",
        "nullable": true,
        "titleZh": "欠租金额",
        "titleEn": "Rent in arrears",
        "numeric": true
      },
      "eligibilityKind": {
        "type": "string",
        "nullable": true,
        "titleZh": "保障对象类别",
        "titleEn": "Kind of eligibility"
      },
      "eligibilityConfirmedDate": {
        "type": "date",
        "nullable": true,
        "titleZh": "资格确认日期",
        "titleEn": "Eligibility confirmed on"
      },
      "status": {
        "type": "string",
        "nullable": true,
        "titleZh": "租赁状态",
        "titleEn": "Status of the lease"
      },
      "managingUnit": {
        "type": "string",
        "nullable": true,
        "titleZh": "运营单位",
        "titleEn": "Managing unit"
      },
      "managingUnitCreditCode": {
        "type": "string",
        "nullable": true,
        "titleZh": "运营单位统一社会信用代码",
        "titleEn": "Credit code of the managing unit",
        "check": "credit-code"
      }
    },
    schema: publicRentalSchema,
  },
  'hpf.provident-fund': {
    dataset: 'hpf.provident-fund',
    department: "hpf",
    topic: "dept.hpf.provident-fund.v1",
    doc: "住房公积金个人账户、提取和贷款, 一账户一条。 Personal accounts of the housing provident fund with withdrawals and loans: one record per account.",
    title: {
      "zh": "住房公积金",
      "en": "Housing provident fund"
    },
    subjectKey: "citizenId",
    subjectCheck: "person-id",
    reasons: {
      "INITIAL_LOAD": "初始装载",
      "OPENED": "开户",
      "CONTRIBUTED": "汇缴",
      "EMPLOYER_CHANGED": "单位转移",
      "WITHDRAWN": "提取",
      "SUSPENDED": "封存",
      "RESUMED": "启封",
      "LOAN_CHANGED": "贷款变动",
      "CLOSED": "销户",
      "CLOSED_BY_DEATH": "死亡销户提取",
      "CLERICAL_ERROR": "录入差错"
    },
    annulmentDays: 30,
    freshness: {
      "withinSeconds": 60,
      "percent": 99
    },
    sharing: "conditional",
    legalBasis: "住房公积金管理条例第二十四条; 最低生活保障审核确认办法(民政部, 2021-07-01起施行)第十七条",
    fields: {
      "citizenId": {
        "type": "string",
        "nullable": false,
        "titleZh": "职工身份号码",
        "titleEn": "Employee's id",
        "check": "person-id"
      },
      "name": {
        "type": "string",
        "nullable": true,
        "titleZh": "姓名",
        "titleEn": "Name"
      },
      "accountNo": {
        "type": "string",
        "nullable": false,
        "titleZh": "个人账号",
        "titleEn": "Account number"
      },
      "employerName": {
        "type": "string",
        "nullable": true,
        "titleZh": "单位名称",
        "titleEn": "Employer"
      },
      "employerCreditCode": {
        "type": "string",
        "nullable": true,
        "titleZh": "单位统一社会信用代码",
        "titleEn": "Credit code of the employer",
        "check": "credit-code"
      },
      "status": {
        "type": "string",
        "nullable": true,
        "titleZh": "账户状态",
        "titleEn": "Status of the account"
      },
      "openedDate": {
        "type": "date",
        "nullable": true,
        "titleZh": "开户日期",
        "titleEn": "Opened on"
      },
      "contributionBase": {
        "type": "string",
        "nullable": true,
        "titleZh": "缴存基数",
        "titleEn": "Contribution base",
        "numeric": true
      },
      "employerRatePercent": {
        "type": "double",
        "nullable": true,
        "titleZh": "单位缴存比例",
        "titleEn": "Employer's rate"
      },
      "personalRatePercent": {
        "type": "double",
        "nullable": true,
        "titleZh": "个人缴存比例",
        "titleEn": "Personal rate"
      },
      "monthlyContribution": {
        "type": "string",
        "nullable": true,
        "titleZh": "月缴存额",
        "titleEn": "Monthly contribution",
        "numeric": true
      },
      "paidThroughMonth": {
        "type": "date",
        "nullable": true,
        "titleZh": "缴至月份",
        "titleEn": "Paid through"
      },
      "balance": {
        "type": "string",
        "nullable": true,
        "titleZh": "账户余额",
        "titleEn": "Balance",
        "numeric": true
      },
      "lastWithdrawnDate": {
        "type": "date",
        "nullable": true,
        "titleZh": "最近提取日期",
        "titleEn": "Last withdrawal on"
      },
      "lastWithdrawnAmount": {
        "type": "string",
        "nullable": true,
        "titleZh": "最近提取金额",
        "titleEn": "Last withdrawal",
        "numeric": true
      },
      "withdrawalGround": {
        "type": "string",
        "nullable": true,
        "titleZh": "提取原因",
        "titleEn": "Ground of withdrawal"
      },
      "loanContractNo": {
        "type": "string",
        "nullable": true,
        "titleZh": "贷款合同号",
        "titleEn": "Loan contract"
      },
      "loanAmount": {
        "type": "string",
        "nullable": true,
        "titleZh": "贷款金额",
        "titleEn": "Loan",
        "numeric": true
      },
      "loanBalance": {
        "type": "string",
        "nullable": true,
        "titleZh": "贷款余额",
        "titleEn": "Outstanding loan",
        "numeric": true
      },
      "closedDate": {
        "type": "date",
        "nullable": true,
        "titleZh": "销户日期",
        "titleEn": "Closed on"
      },
      "phone": {
        "type": "string",
        "nullable": true,
        "titleZh": "联系电话",
        "titleEn": "Telephone"
      }
    },
    schema: providentFundSchema,
  },
  'hrss.insurance': {
    dataset: 'hrss.insurance',
    department: "hrss",
    topic: "dept.hrss.insurance.v1",
    doc: "社会保险参保与缴费, 一人一险种一条。 Participation in social insurance and contributions: one record per person and scheme.",
    title: {
      "zh": "社会保险参保缴费",
      "en": "Social insurance"
    },
    subjectKey: "citizenId",
    subjectCheck: "person-id",
    reasons: {
      "INITIAL_LOAD": "初始装载",
      "JOINED": "参保登记",
      "CONTRIBUTED": "缴费到账",
      "EMPLOYER_CHANGED": "单位变更",
      "SUSPENDED": "停保",
      "RESUMED": "续保",
      "TRANSFERRED_OUT": "关系转出",
      "TERMINATED": "终止",
      "CLERICAL_ERROR": "录入差错"
    },
    annulmentDays: 90,
    freshness: {
      "withinSeconds": 60,
      "percent": 99
    },
    sharing: "conditional",
    legalBasis: "社会保险经办条例第六条、第八条; 最低生活保障审核确认办法(民政部, 2021-07-01起施行)第十七条",
    fields: {
      "citizenId": {
        "type": "string",
        "nullable": false,
        "titleZh": "参保人身份号码",
        "titleEn": "Id of the insured",
        "check": "person-id"
      },
      "name": {
        "type": "string",
        "nullable": true,
        "titleZh": "姓名",
        "titleEn": "Name"
      },
      "sex": {
        "type": "string",
        "nullable": true,
        "titleZh": "性别",
        "titleEn": "Sex",
        "codes": {
          "0": "未知",
          "1": "男",
          "2": "女",
          "9": "未说明"
        }
      },
      "birthDate": {
        "type": "date",
        "nullable": true,
        "titleZh": "出生日期",
        "titleEn": "Date of birth"
      },
      "scheme": {
        "type": "string",
        "nullable": false,
        "titleZh": "险种",
        "titleEn": "Scheme"
      },
      "personalNo": {
        "type": "string",
        "nullable": true,
        "titleZh": "个人编号",
        "titleEn": "Personal number"
      },
      "identityKind": {
        "type": "string",
        "nullable": true,
        "titleZh": "参保身份",
        "titleEn": "Kind of participation"
      },
      "employerName": {
        "type": "string",
        "nullable": true,
        "titleZh": "单位名称",
        "titleEn": "Employer"
      },
      "employerCreditCode": {
        "type": "string",
        "nullable": true,
        "titleZh": "单位统一社会信用代码",
        "titleEn": "Credit code of the employer",
        "check": "credit-code"
      },
      "status": {
        "type": "string",
        "nullable": true,
        "titleZh": "缴费状态",
        "titleEn": "Status of contribution"
      },
      "joinedDate": {
        "type": "date",
        "nullable": true,
        "titleZh": "参保日期",
        "titleEn": "Joined on"
      },
      "paidThroughMonth": {
        "type": "date",
        "nullable": true,
        "titleZh": "缴至月份",
        "titleEn": "Paid through"
      },
      "contributionBase": {
        "type": "string",
        "nullable": true,
        "titleZh": "缴费基数",
        "titleEn": "Contribution base",
        "numeric": true
      },
      "personalContribution": {
        "type": "string",
        "nullable": true,
        "titleZh": "个人缴费额",
        "titleEn": "Personal contribution",
        "numeric": true
      },
      "employerContribution": {
        "type": "string",
        "nullable": true,
        "titleZh": "单位缴费额",
        "titleEn": "Employer's contribution",
        "numeric": true
      },
      "contributionMonths": {
        "type": "int",
        "nullable": true,
        "titleZh": "累计缴费月数",
        "titleEn": "Months of contribution"
      },
      "accountBalance": {
        "type": "string",
        "nullable": true,
        "titleZh": "个人账户余额",
        "titleEn": "Balance of the personal account",
        "numeric": true
      },
      "suspendedDate": {
        "type": "date",
        "nullable": true,
        "titleZh": "停保日期",
        "titleEn": "Suspended on"
      },
      "agency": {
        "type": "string",
        "nullable": true,
        "titleZh": "经办机构",
        "titleEn": "Agency"
      },
      "divisionCode": {
        "type": "string",
        "nullable": true,
        "titleZh": "行政区划代码",
        "titleEn": "Division code",
        "check": "division-code"
      }
    },
    schema: insuranceSchema,
  },
  'hrss.pension-entitlement': {
    dataset: 'hrss.pension-entitlement',
    department: "hrss",
    topic: "dept.hrss.pension-entitlement.v1",
    doc: "基本养老保险待遇的核定、调整、暂停和终止, 一人一险种一条。 Entitlements to a basic pension: granted, adjusted, suspended and ended; one record per person and scheme.",
    title: {
      "zh": "养老待遇核定",
      "en": "Pension entitlement"
    },
    subjectKey: "citizenId",
    subjectCheck: "person-id",
    reasons: {
      "INITIAL_LOAD": "初始装载",
      "GRANTED": "待遇核定",
      "ADJUSTED": "待遇调整",
      "SUSPENDED": "暂停发放",
      "RESUMED": "恢复发放",
      "TERMINATED_BY_DEATH": "死亡终止",
      "TERMINATED": "其他终止",
      "VERIFIED": "资格认证",
      "CLERICAL_ERROR": "录入差错"
    },
    annulmentDays: 30,
    freshness: {
      "withinSeconds": 30,
      "percent": 99
    },
    sharing: "conditional",
    legalBasis: "社会保险经办条例第六条、第二十五条、第二十六条; 社会保险法第十七条",
    fields: {
      "citizenId": {
        "type": "string",
        "nullable": false,
        "titleZh": "参保人身份号码",
        "titleEn": "Id of the insured",
        "check": "person-id"
      },
      "name": {
        "type": "string",
        "nullable": true,
        "titleZh": "姓名",
        "titleEn": "Name"
      },
      "birthDate": {
        "type": "date",
        "nullable": true,
        "titleZh": "出生日期",
        "titleEn": "Date of birth"
      },
      "sex": {
        "type": "string",
        "nullable": true,
        "titleZh": "性别",
        "titleEn": "Sex",
        "codes": {
          "0": "未知",
          "1": "男",
          "2": "女",
          "9": "未说明"
        }
      },
      "scheme": {
        "type": "string",
        "nullable": true,
        "titleZh": "险种",
        "titleEn": "Scheme"
      },
      "benefitType": {
        "type": "string",
        "nullable": true,
        "titleZh": "待遇类别",
        "titleEn": "Kind of benefit"
      },
      "entitlementNo": {
        "type": "string",
        "nullable": true,
        "titleZh": "待遇核定编号",
        "titleEn": "Number of the entitlement"
      },
      "retiredDate": {
        "type": "date",
        "nullable": true,
        "titleZh": "退休日期",
        "titleEn": "Date of retirement"
      },
      "approvedDate": {
        "type": "date",
        "nullable": true,
        "titleZh": "核定日期",
        "titleEn": "Date of approval"
      },
      "firstPaidMonth": {
        "type": "date",
        "nullable": true,
        "titleZh": "首发月",
        "titleEn": "First month paid"
      },
      "monthlyAmount": {
        "type": "string",
        "nullable": true,
        "titleZh": "月待遇金额",
        "titleEn": "Monthly amount",
        "numeric": true
      },
      "contributionMonths": {
        "type": "int",
        "nullable": true,
        "titleZh": "缴费月数",
        "titleEn": "Months of contribution"
      },
      "status": {
        "type": "string",
        "nullable": false,
        "titleZh": "发放状态",
        "titleEn": "Status of payment"
      },
      "stoppedDate": {
        "type": "date",
        "nullable": true,
        "titleZh": "停发日期",
        "titleEn": "Stopped on"
      },
      "stopReason": {
        "type": "string",
        "nullable": true,
        "titleZh": "停发原因",
        "titleEn": "Reason for stopping"
      },
      "verifiedDate": {
        "type": "date",
        "nullable": true,
        "titleZh": "资格认证日期",
        "titleEn": "Eligibility verified on"
      },
      "verificationMethod": {
        "type": "string",
        "nullable": true,
        "titleZh": "资格认证方式",
        "titleEn": "Way of verification"
      },
      "employerName": {
        "type": "string",
        "nullable": true,
        "titleZh": "原单位名称",
        "titleEn": "Former employer"
      },
      "employerCreditCode": {
        "type": "string",
        "nullable": true,
        "titleZh": "原单位统一社会信用代码",
        "titleEn": "Credit code of the former employer",
        "check": "credit-code"
      },
      "bankName": {
        "type": "string",
        "nullable": true,
        "titleZh": "开户行",
        "titleEn": "Bank"
      },
      "bankAccountNo": {
        "type": "string",
        "nullable": true,
        "titleZh": "银行账号",
        "titleEn": "Bank account"
      },
      "agency": {
        "type": "string",
        "nullable": true,
        "titleZh": "经办机构",
        "titleEn": "Agency"
      },
      "divisionCode": {
        "type": "string",
        "nullable": true,
        "titleZh": "行政区划代码",
        "titleEn": "Division code",
        "check": "division-code"
      }
    },
    schema: pensionEntitlementSchema,
  },
  'hrss.pension-payment': {
    dataset: 'hrss.pension-payment',
    department: "hrss",
    topic: "dept.hrss.pension-payment.v1",
    doc: "养老待遇发放明细, 一人一险种一月一条。 Pension payments: one record for each month paid.",
    title: {
      "zh": "养老待遇发放",
      "en": "Pension payment"
    },
    subjectKey: "citizenId",
    subjectCheck: "person-id",
    reasons: {
      "INITIAL_LOAD": "初始装载",
      "PAID": "发放",
      "BACK_PAID": "补发",
      "RETURNED": "银行退回",
      "RECOVERED": "追回",
      "RECALCULATED": "重新计算",
      "CLERICAL_ERROR": "录入差错"
    },
    annulmentDays: 365,
    freshness: {
      "withinSeconds": 60,
      "percent": 99
    },
    sharing: "conditional",
    legalBasis: "社会保险经办条例第二十五条、第二十六条",
    fields: {
      "citizenId": {
        "type": "string",
        "nullable": false,
        "titleZh": "参保人身份号码",
        "titleEn": "Id of the insured",
        "check": "person-id"
      },
      "name": {
        "type": "string",
        "nullable": true,
        "titleZh": "姓名",
        "titleEn": "Name"
      },
      "month": {
        "type": "date",
        "nullable": false,
        "titleZh": "待遇所属月",
        "titleEn": "Month the payment is for"
      },
      "amount": {
        "type": "string",
        "nullable": false,
        "titleZh": "发放金额",
        "titleEn": "Amount paid",
        "numeric": true
      },
      "scheme": {
        "type": "string",
        "nullable": true,
        "titleZh": "险种",
        "titleEn": "Scheme"
      },
      "benefitType": {
        "type": "string",
        "nullable": true,
        "titleZh": "待遇类别",
        "titleEn": "Kind of benefit"
      },
      "entitlementNo": {
        "type": "string",
        "nullable": true,
        "titleZh": "待遇核定编号",
        "titleEn": "Number of the entitlement"
      },
      "basicAmount": {
        "type": "string",
        "nullable": true,
        "titleZh": "基础养老金",
        "titleEn": "Basic pension",
        "numeric": true
      },
      "accountAmount": {
        "type": "string",
        "nullable": true,
        "titleZh": "个人账户养老金",
        "titleEn": "Pension from the personal account",
        "numeric": true
      },
      "adjustmentAmount": {
        "type": "string",
        "nullable": true,
        "titleZh": "调整增加额",
        "titleEn": "Adjustments",
        "numeric": true
      },
      "backPayAmount": {
        "type": "string",
        "nullable": true,
        "titleZh": "补发额",
        "titleEn": "Back-pay included",
        "numeric": true
      },
      "deductedAmount": {
        "type": "string",
        "nullable": true,
        "titleZh": "扣减额",
        "titleEn": "Deductions",
        "numeric": true
      },
      "paidDate": {
        "type": "date",
        "nullable": true,
        "titleZh": "发放日期",
        "titleEn": "Paid on"
      },
      "batchNo": {
        "type": "string",
        "nullable": true,
        "titleZh": "发放批次号",
        "titleEn": "Payment batch"
      },
      "bankName": {
        "type": "string",
        "nullable": true,
        "titleZh": "开户行",
        "titleEn": "Bank"
      },
      "bankAccountNo": {
        "type": "string",
        "nullable": true,
        "titleZh": "银行账号",
        "titleEn": "Bank account"
      },
      "result": {
        "type": "string",
        "nullable": true,
        "titleZh": "发放结果",
        "titleEn": "Result"
      },
      "returnedDate": {
        "type": "date",
        "nullable": true,
        "titleZh": "退回日期",
        "titleEn": "Returned on"
      },
      "agency": {
        "type": "string",
        "nullable": true,
        "titleZh": "经办机构",
        "titleEn": "Agency"
      },
      "divisionCode": {
        "type": "string",
        "nullable": true,
        "titleZh": "行政区划代码",
        "titleEn": "Division code",
        "check": "division-code"
      }
    },
    schema: pensionPaymentSchema,
  },
  'mca.cremation': {
    dataset: 'mca.cremation',
    department: "mca",
    topic: "dept.mca.cremation.v1",
    doc: "殡仪馆火化证明所载信息。 Cremations as certified by funeral homes.",
    title: {
      "zh": "火化登记",
      "en": "Cremation"
    },
    subjectKey: "citizenId",
    subjectCheck: "person-id",
    reasons: {
      "INITIAL_LOAD": "初始装载",
      "CREMATED": "火化",
      "CERTIFICATE_REISSUED": "火化证明补发",
      "IDENTITY_MISTAKEN": "身份误报",
      "CERTIFICATE_VOIDED": "证明作废",
      "CLERICAL_ERROR": "录入差错"
    },
    annulmentDays: 30,
    freshness: {
      "withinSeconds": 15,
      "percent": 99
    },
    counterparts: [
      {
        "dataset": "nhc.death-certificate",
        "verbs": [
          "CREATED",
          "CORRECTED"
        ]
      },
      {
        "dataset": "psb.household-register",
        "verbs": [
          "CEASED"
        ],
        "reasons": [
          "DEATH_CANCELLED"
        ]
      }
    ],
    sharing: "conditional",
    legalBasis: "殡葬管理条例(2012年修订)第十三条; 国卫规划发〔2013〕57号; 社会保险经办条例第八条",
    fields: {
      "citizenId": {
        "type": "string",
        "nullable": false,
        "titleZh": "逝者公民身份号码",
        "titleEn": "Citizen id of the deceased",
        "check": "person-id"
      },
      "certificateNo": {
        "type": "string",
        "nullable": true,
        "titleZh": "火化证明编号",
        "titleEn": "Number of the cremation certificate"
      },
      "name": {
        "type": "string",
        "nullable": true,
        "titleZh": "姓名",
        "titleEn": "Name"
      },
      "sex": {
        "type": "string",
        "nullable": true,
        "titleZh": "性别",
        "titleEn": "Sex",
        "codes": {
          "0": "未知",
          "1": "男",
          "2": "女",
          "9": "未说明"
        }
      },
      "birthDate": {
        "type": "date",
        "nullable": true,
        "titleZh": "出生日期",
        "titleEn": "Date of birth"
      },
      "deathDate": {
        "type": "date",
        "nullable": true,
        "titleZh": "死亡日期",
        "titleEn": "Date of death"
      },
      "crematedDate": {
        "type": "date",
        "nullable": false,
        "titleZh": "火化日期",
        "titleEn": "Date of cremation"
      },
      "crematedAt": {
        "type": "timestamp",
        "nullable": true,
        "titleZh": "火化时间",
        "titleEn": "Time of cremation"
      },
      "deathCertificateNo": {
        "type": "string",
        "nullable": true,
        "titleZh": "死亡证明编号",
        "titleEn": "Number of the death certificate"
      },
      "funeralHomeName": {
        "type": "string",
        "nullable": true,
        "titleZh": "殡仪馆名称",
        "titleEn": "Funeral home"
      },
      "funeralHomeCreditCode": {
        "type": "string",
        "nullable": true,
        "titleZh": "殡仪馆统一社会信用代码",
        "titleEn": "Credit code of the funeral home",
        "check": "credit-code"
      },
      "householdAddress": {
        "type": "string",
        "nullable": true,
        "titleZh": "户籍地址",
        "titleEn": "Registered address"
      },
      "divisionCode": {
        "type": "string",
        "nullable": true,
        "titleZh": "户籍地行政区划代码",
        "titleEn": "Division code of the registered address",
        "check": "division-code"
      },
      "ashesDisposal": {
        "type": "string",
        "nullable": true,
        "titleZh": "骨灰去向",
        "titleEn": "Disposal of the ashes"
      },
      "handlerName": {
        "type": "string",
        "nullable": true,
        "titleZh": "经办人姓名",
        "titleEn": "Name of the person who arranged it"
      },
      "handlerId": {
        "type": "string",
        "nullable": true,
        "titleZh": "经办人身份号码",
        "titleEn": "Id of the person who arranged it",
        "check": "person-id"
      },
      "handlerRelation": {
        "type": "string",
        "nullable": true,
        "titleZh": "经办人与逝者关系",
        "titleEn": "Relation of that person to the deceased"
      },
      "handlerPhone": {
        "type": "string",
        "nullable": true,
        "titleZh": "经办人电话",
        "titleEn": "Telephone of that person"
      },
      "issuedDate": {
        "type": "date",
        "nullable": true,
        "titleZh": "发证日期",
        "titleEn": "Date of issue"
      }
    },
    schema: cremationSchema,
  },
  'mca.dibao-household': {
    dataset: 'mca.dibao-household',
    department: "mca",
    topic: "dept.mca.dibao-household.v1",
    doc: "最低生活保障家庭的共同生活成员, 一人一条。 Members of households on the minimum living guarantee, one record per member.",
    title: {
      "zh": "最低生活保障",
      "en": "Minimum living guarantee"
    },
    subjectKey: "citizenId",
    subjectCheck: "person-id",
    reasons: {
      "INITIAL_LOAD": "初始装载",
      "CONFIRMED": "审核确认",
      "REVIEWED": "定期核查",
      "RAISED": "增发",
      "REDUCED": "减发",
      "MEMBER_ADDED": "成员增加",
      "MEMBER_REMOVED": "成员减少",
      "STOPPED": "停发",
      "GRADUAL_EXIT": "渐退期满",
      "MEMBER_DIED": "成员死亡",
      "CLERICAL_ERROR": "录入差错"
    },
    annulmentDays: 30,
    freshness: {
      "withinSeconds": 30,
      "percent": 99
    },
    sharing: "conditional",
    legalBasis: "最低生活保障审核确认办法(民政部, 2021-07-01起施行)第七条、第十三条、第十七条、第二十条、第三十二条",
    fields: {
      "citizenId": {
        "type": "string",
        "nullable": false,
        "titleZh": "成员身份号码",
        "titleEn": "Member's id",
        "check": "person-id"
      },
      "name": {
        "type": "string",
        "nullable": true,
        "titleZh": "姓名",
        "titleEn": "Name"
      },
      "householdNo": {
        "type": "string",
        "nullable": false,
        "titleZh": "低保家庭编号",
        "titleEn": "Number of the household"
      },
      "applicantId": {
        "type": "string",
        "nullable": true,
        "titleZh": "申请人身份号码",
        "titleEn": "Applicant's id",
        "check": "person-id"
      },
      "relation": {
        "type": "string",
        "nullable": true,
        "titleZh": "与申请人关系",
        "titleEn": "Relation to the applicant"
      },
      "memberCount": {
        "type": "int",
        "nullable": true,
        "titleZh": "共同生活成员人数",
        "titleEn": "Number of members"
      },
      "assistanceKind": {
        "type": "string",
        "nullable": true,
        "titleZh": "救助类别",
        "titleEn": "Kind of assistance"
      },
      "householdAddress": {
        "type": "string",
        "nullable": true,
        "titleZh": "户籍地址",
        "titleEn": "Registered address"
      },
      "residenceAddress": {
        "type": "string",
        "nullable": true,
        "titleZh": "居住地址",
        "titleEn": "Address of residence"
      },
      "divisionCode": {
        "type": "string",
        "nullable": true,
        "titleZh": "审核确认机关行政区划代码",
        "titleEn": "Division code of the confirming office",
        "check": "division-code"
      },
      "wageIncome": {
        "type": "string",
        "nullable": true,
        "titleZh": "工资性收入",
        "titleEn": "Wage income",
        "numeric": true
      },
      "businessIncome": {
        "type": "string",
        "nullable": true,
        "titleZh": "经营净收入",
        "titleEn": "Net business income",
        "numeric": true
      },
      "propertyIncome": {
        "type": "string",
        "nullable": true,
        "titleZh": "财产净收入",
        "titleEn": "Net property income",
        "numeric": true
      },
      "transferIncome": {
        "type": "string",
        "nullable": true,
        "titleZh": "转移净收入",
        "titleEn": "Net transfer income",
        "numeric": true
      },
      "perCapitaIncome": {
        "type": "string",
        "nullable": true,
        "titleZh": "人均月收入",
        "titleEn": "Income per head",
        "numeric": true
      },
      "monthlyAmount": {
        "type": "string",
        "nullable": true,
        "titleZh": "家庭月保障金额",
        "titleEn": "Monthly amount of the household",
        "numeric": true
      },
      "memberAmount": {
        "type": "string",
        "nullable": true,
        "titleZh": "个人月保障金额",
        "titleEn": "Monthly amount of the member",
        "numeric": true
      },
      "authorisationNo": {
        "type": "string",
        "nullable": true,
        "titleZh": "核对授权书编号",
        "titleEn": "Number of the authorisation to check"
      },
      "acceptedDate": {
        "type": "date",
        "nullable": true,
        "titleZh": "受理日期",
        "titleEn": "Date of acceptance"
      },
      "confirmedDate": {
        "type": "date",
        "nullable": true,
        "titleZh": "确认日期",
        "titleEn": "Date of confirmation"
      },
      "paidFromDate": {
        "type": "date",
        "nullable": true,
        "titleZh": "起发日期",
        "titleEn": "Paid from"
      },
      "reviewDueDate": {
        "type": "date",
        "nullable": true,
        "titleZh": "下次核查日期",
        "titleEn": "Next review due"
      },
      "status": {
        "type": "string",
        "nullable": true,
        "titleZh": "保障状态",
        "titleEn": "Status"
      },
      "stopReason": {
        "type": "string",
        "nullable": true,
        "titleZh": "停发原因",
        "titleEn": "Reason for stopping"
      }
    },
    schema: dibaoHouseholdSchema,
  },
  'mca.marriage': {
    dataset: 'mca.marriage',
    department: "mca",
    topic: "dept.mca.marriage.v1",
    doc: "婚姻登记, 夫妻双方各一条; 离婚登记终止婚姻记录并新建一条婚姻状况为离婚的记录。本地登记依法不完整。 Marriage registrations, one record per spouse; a divorce ceases it and creates a record of marital status 40. Marriages may be registered anywhere in the country, so the local register is incomplete by law.",
    title: {
      "zh": "婚姻登记",
      "en": "Marriage registration"
    },
    subjectKey: "citizenId",
    subjectCheck: "person-id",
    reasons: {
      "INITIAL_LOAD": "初始装载",
      "MARRIED": "结婚登记",
      "REMARRIED": "复婚登记",
      "DIVORCED": "离婚登记",
      "DIVORCED_BY_COURT": "法院判决或调解离婚",
      "ANNULLED_BY_COURT": "婚姻无效或被撤销",
      "SPOUSE_DIED": "配偶死亡",
      "CERTIFICATE_REISSUED": "补领证件",
      "CLERICAL_ERROR": "录入差错"
    },
    annulmentDays: 365,
    freshness: {
      "withinSeconds": 30,
      "percent": 99
    },
    sharing: "conditional",
    legalBasis: "婚姻登记条例(国务院令第804号, 2025-05-10起施行)第四条",
    fields: {
      "citizenId": {
        "type": "string",
        "nullable": false,
        "titleZh": "本人身份号码",
        "titleEn": "Own id",
        "check": "person-id"
      },
      "name": {
        "type": "string",
        "nullable": true,
        "titleZh": "姓名",
        "titleEn": "Name"
      },
      "sex": {
        "type": "string",
        "nullable": true,
        "titleZh": "性别",
        "titleEn": "Sex",
        "codes": {
          "0": "未知",
          "1": "男",
          "2": "女",
          "9": "未说明"
        }
      },
      "birthDate": {
        "type": "date",
        "nullable": true,
        "titleZh": "出生日期",
        "titleEn": "Date of birth"
      },
      "nationality": {
        "type": "string",
        "nullable": true,
        "titleZh": "国籍",
        "titleEn": "Nationality"
      },
      "maritalStatus": {
        "type": "string",
        "nullable": false,
        "titleZh": "婚姻状况",
        "titleEn": "Marital status",
        "codes": {
          "10": "未婚",
          "20": "已婚",
          "21": "初婚",
          "22": "再婚",
          "23": "复婚",
          "30": "丧偶",
          "40": "离婚",
          "90": "未说明"
        }
      },
      "spouseId": {
        "type": "string",
        "nullable": true,
        "titleZh": "配偶身份号码",
        "titleEn": "Spouse's id",
        "check": "person-id"
      },
      "spouseName": {
        "type": "string",
        "nullable": true,
        "titleZh": "配偶姓名",
        "titleEn": "Spouse's name"
      },
      "spouseNationality": {
        "type": "string",
        "nullable": true,
        "titleZh": "配偶国籍",
        "titleEn": "Spouse's nationality"
      },
      "spouseDocumentNo": {
        "type": "string",
        "nullable": true,
        "titleZh": "配偶其他证件号码",
        "titleEn": "Number of the spouse's other document"
      },
      "certificateNo": {
        "type": "string",
        "nullable": true,
        "titleZh": "结婚证或离婚证字号",
        "titleEn": "Number of the certificate"
      },
      "registeredDate": {
        "type": "date",
        "nullable": true,
        "titleZh": "登记日期",
        "titleEn": "Date of registration"
      },
      "registrationAuthority": {
        "type": "string",
        "nullable": true,
        "titleZh": "婚姻登记机关",
        "titleEn": "Registration authority"
      },
      "divisionCode": {
        "type": "string",
        "nullable": true,
        "titleZh": "登记机关行政区划代码",
        "titleEn": "Division code of the authority",
        "check": "division-code"
      },
      "courtDocumentNo": {
        "type": "string",
        "nullable": true,
        "titleZh": "法律文书号",
        "titleEn": "Number of the court document"
      },
      "householdAddress": {
        "type": "string",
        "nullable": true,
        "titleZh": "户籍地址",
        "titleEn": "Registered address"
      }
    },
    schema: marriageSchema,
  },
  'mca.social-organisation': {
    dataset: 'mca.social-organisation',
    department: "mca",
    topic: "dept.mca.social-organisation.v1",
    doc: "社会团体、民办非企业单位(社会服务机构)和基金会的登记。 Registration of associations, private non-enterprise units and foundations.",
    title: {
      "zh": "社会组织登记",
      "en": "Social organisation registration"
    },
    subjectKey: "creditCode",
    subjectCheck: "credit-code",
    reasons: {
      "INITIAL_LOAD": "初始装载",
      "FOUNDED": "成立登记",
      "CHANGED": "变更登记",
      "DEREGISTERED": "注销登记",
      "REVOKED": "撤销登记",
      "ANNUAL_INSPECTION": "年度检查",
      "CLERICAL_ERROR": "录入差错"
    },
    annulmentDays: 90,
    freshness: {
      "withinSeconds": 30,
      "percent": 99
    },
    sharing: "conditional",
    legalBasis: "社会团体登记管理条例(2016年修订)第十二条; 基金会管理条例(2004年); 民办非企业单位登记管理暂行条例(1998年)",
    fields: {
      "creditCode": {
        "type": "string",
        "nullable": false,
        "titleZh": "统一社会信用代码",
        "titleEn": "Unified social credit code",
        "check": "credit-code"
      },
      "name": {
        "type": "string",
        "nullable": false,
        "titleZh": "名称",
        "titleEn": "Name"
      },
      "organisationKind": {
        "type": "string",
        "nullable": true,
        "titleZh": "社会组织类别",
        "titleEn": "Kind of organisation",
        "codes": {
          "1": "社会团体",
          "2": "民办非企业单位",
          "3": "基金会",
          "9": "其他"
        }
      },
      "legalRepresentative": {
        "type": "string",
        "nullable": true,
        "titleZh": "法定代表人或负责人",
        "titleEn": "Legal representative"
      },
      "legalRepresentativeId": {
        "type": "string",
        "nullable": true,
        "titleZh": "法定代表人身份号码",
        "titleEn": "Id of the legal representative",
        "check": "person-id"
      },
      "registeredCapital": {
        "type": "string",
        "nullable": true,
        "titleZh": "活动资金、开办资金或原始基金",
        "titleEn": "Funds at registration",
        "numeric": true
      },
      "purpose": {
        "type": "string",
        "nullable": true,
        "titleZh": "宗旨",
        "titleEn": "Purpose"
      },
      "businessScope": {
        "type": "string",
        "nullable": true,
        "titleZh": "业务范围",
        "titleEn": "Scope of activity"
      },
      "activityArea": {
        "type": "string",
        "nullable": true,
        "titleZh": "活动地域",
        "titleEn": "Area of activity"
      },
      "address": {
        "type": "string",
        "nullable": true,
        "titleZh": "住所",
        "titleEn": "Domicile"
      },
      "divisionCode": {
        "type": "string",
        "nullable": true,
        "titleZh": "行政区划代码",
        "titleEn": "Division code",
        "check": "division-code"
      },
      "supervisingUnit": {
        "type": "string",
        "nullable": true,
        "titleZh": "业务主管单位",
        "titleEn": "Supervising unit"
      },
      "supervisingUnitCreditCode": {
        "type": "string",
        "nullable": true,
        "titleZh": "业务主管单位统一社会信用代码",
        "titleEn": "Credit code of the supervising unit",
        "check": "credit-code"
      },
      "registrationAuthority": {
        "type": "string",
        "nullable": true,
        "titleZh": "登记管理机关",
        "titleEn": "Registration authority"
      },
      "foundedDate": {
        "type": "date",
        "nullable": true,
        "titleZh": "成立日期",
        "titleEn": "Date of foundation"
      },
      "approvedDate": {
        "type": "date",
        "nullable": true,
        "titleZh": "核准日期",
        "titleEn": "Date of approval"
      },
      "certificateExpiryDate": {
        "type": "date",
        "nullable": true,
        "titleZh": "登记证书有效期止",
        "titleEn": "Expiry of the certificate"
      },
      "annualInspectionResult": {
        "type": "string",
        "nullable": true,
        "titleZh": "年检结论",
        "titleEn": "Result of the annual inspection"
      },
      "status": {
        "type": "string",
        "nullable": true,
        "titleZh": "机构状态",
        "titleEn": "Status",
        "codes": {
          "1": "正常",
          "2": "异常",
          "3": "吊销",
          "4": "注销/撤销",
          "9": "其他"
        }
      },
      "phone": {
        "type": "string",
        "nullable": true,
        "titleZh": "联系电话",
        "titleEn": "Telephone"
      }
    },
    schema: socialOrganisationSchema,
  },
  'nhc.birth': {
    dataset: 'nhc.birth',
    department: "nhc",
    topic: "dept.nhc.birth.v1",
    doc: "医疗机构签发的出生医学证明, 以新生儿落户后的公民身份号码为主体。 Births as certified by medical institutions, keyed by the child's citizen id once it is known.",
    title: {
      "zh": "出生医学证明",
      "en": "Birth certificate"
    },
    subjectKey: "citizenId",
    subjectCheck: "person-id",
    reasons: {
      "INITIAL_LOAD": "初始装载",
      "CERTIFICATE_ISSUED": "首次签发",
      "CERTIFICATE_REISSUED": "换发或补发",
      "PARENTS_CORRECTED": "父母信息更正",
      "CERTIFICATE_VOIDED": "证明作废",
      "CLERICAL_ERROR": "录入差错"
    },
    annulmentDays: 30,
    freshness: {
      "withinSeconds": 15,
      "percent": 99
    },
    sharing: "conditional",
    legalBasis: "户口登记条例第七条; 社会保险经办条例第八条",
    fields: {
      "citizenId": {
        "type": "string",
        "nullable": false,
        "titleZh": "新生儿公民身份号码",
        "titleEn": "Child's citizen id",
        "check": "person-id"
      },
      "certificateNo": {
        "type": "string",
        "nullable": true,
        "titleZh": "出生医学证明编号",
        "titleEn": "Certificate number"
      },
      "name": {
        "type": "string",
        "nullable": true,
        "titleZh": "姓名",
        "titleEn": "Name"
      },
      "sex": {
        "type": "string",
        "nullable": true,
        "titleZh": "性别",
        "titleEn": "Sex",
        "codes": {
          "0": "未知",
          "1": "男",
          "2": "女",
          "9": "未说明"
        }
      },
      "birthDate": {
        "type": "date",
        "nullable": true,
        "titleZh": "出生日期",
        "titleEn": "Date of birth"
      },
      "birthAt": {
        "type": "timestamp",
        "nullable": true,
        "titleZh": "出生时间",
        "titleEn": "Time of birth"
      },
      "birthplace": {
        "type": "string",
        "nullable": true,
        "titleZh": "出生地点",
        "titleEn": "Place of birth"
      },
      "gestationWeeks": {
        "type": "int",
        "nullable": true,
        "titleZh": "出生孕周",
        "titleEn": "Weeks of gestation"
      },
      "birthWeightGrams": {
        "type": "int",
        "nullable": true,
        "titleZh": "出生体重",
        "titleEn": "Weight at birth"
      },
      "birthLengthCm": {
        "type": "int",
        "nullable": true,
        "titleZh": "出生身长",
        "titleEn": "Length at birth"
      },
      "institutionName": {
        "type": "string",
        "nullable": true,
        "titleZh": "接生机构名称",
        "titleEn": "Institution"
      },
      "institutionCreditCode": {
        "type": "string",
        "nullable": true,
        "titleZh": "接生机构统一社会信用代码",
        "titleEn": "Credit code of the institution",
        "check": "credit-code"
      },
      "motherId": {
        "type": "string",
        "nullable": true,
        "titleZh": "母亲身份号码",
        "titleEn": "Mother's id",
        "check": "person-id"
      },
      "motherName": {
        "type": "string",
        "nullable": true,
        "titleZh": "母亲姓名",
        "titleEn": "Mother's name"
      },
      "motherEthnicity": {
        "type": "string",
        "nullable": true,
        "titleZh": "母亲民族",
        "titleEn": "Mother's ethnic group",
        "codes": {
          "10": "朝鲜族",
          "11": "满族",
          "12": "侗族",
          "13": "瑶族",
          "14": "白族",
          "15": "土家族",
          "16": "哈尼族",
          "17": "哈萨克族",
          "18": "傣族",
          "19": "黎族",
          "20": "傈僳族",
          "21": "佤族",
          "22": "畲族",
          "23": "高山族",
          "24": "拉祜族",
          "25": "水族",
          "26": "东乡族",
          "27": "纳西族",
          "28": "景颇族",
          "29": "柯尔克孜族",
          "30": "土族",
          "31": "达斡尔族",
          "32": "仫佬族",
          "33": "羌族",
          "34": "布朗族",
          "35": "撒拉族",
          "36": "毛南族",
          "37": "仡佬族",
          "38": "锡伯族",
          "39": "阿昌族",
          "40": "普米族",
          "41": "塔吉克族",
          "42": "怒族",
          "43": "乌孜别克族",
          "44": "俄罗斯族",
          "45": "鄂温克族",
          "46": "德昂族",
          "47": "保安族",
          "48": "裕固族",
          "49": "京族",
          "50": "塔塔尔族",
          "51": "独龙族",
          "52": "鄂伦春族",
          "53": "赫哲族",
          "54": "门巴族",
          "55": "珞巴族",
          "56": "基诺族",
          "01": "汉族",
          "02": "蒙古族",
          "03": "回族",
          "04": "藏族",
          "05": "维吾尔族",
          "06": "苗族",
          "07": "彝族",
          "08": "壮族",
          "09": "布依族"
        }
      },
      "fatherId": {
        "type": "string",
        "nullable": true,
        "titleZh": "父亲身份号码",
        "titleEn": "Father's id",
        "check": "person-id"
      },
      "fatherName": {
        "type": "string",
        "nullable": true,
        "titleZh": "父亲姓名",
        "titleEn": "Father's name"
      },
      "fatherEthnicity": {
        "type": "string",
        "nullable": true,
        "titleZh": "父亲民族",
        "titleEn": "Father's ethnic group",
        "codes": {
          "10": "朝鲜族",
          "11": "满族",
          "12": "侗族",
          "13": "瑶族",
          "14": "白族",
          "15": "土家族",
          "16": "哈尼族",
          "17": "哈萨克族",
          "18": "傣族",
          "19": "黎族",
          "20": "傈僳族",
          "21": "佤族",
          "22": "畲族",
          "23": "高山族",
          "24": "拉祜族",
          "25": "水族",
          "26": "东乡族",
          "27": "纳西族",
          "28": "景颇族",
          "29": "柯尔克孜族",
          "30": "土族",
          "31": "达斡尔族",
          "32": "仫佬族",
          "33": "羌族",
          "34": "布朗族",
          "35": "撒拉族",
          "36": "毛南族",
          "37": "仡佬族",
          "38": "锡伯族",
          "39": "阿昌族",
          "40": "普米族",
          "41": "塔吉克族",
          "42": "怒族",
          "43": "乌孜别克族",
          "44": "俄罗斯族",
          "45": "鄂温克族",
          "46": "德昂族",
          "47": "保安族",
          "48": "裕固族",
          "49": "京族",
          "50": "塔塔尔族",
          "51": "独龙族",
          "52": "鄂伦春族",
          "53": "赫哲族",
          "54": "门巴族",
          "55": "珞巴族",
          "56": "基诺族",
          "01": "汉族",
          "02": "蒙古族",
          "03": "回族",
          "04": "藏族",
          "05": "维吾尔族",
          "06": "苗族",
          "07": "彝族",
          "08": "壮族",
          "09": "布依族"
        }
      },
      "residenceAddress": {
        "type": "string",
        "nullable": true,
        "titleZh": "家庭现住址",
        "titleEn": "Family's address"
      },
      "divisionCode": {
        "type": "string",
        "nullable": true,
        "titleZh": "行政区划代码",
        "titleEn": "Division code",
        "check": "division-code"
      },
      "issuedDate": {
        "type": "date",
        "nullable": true,
        "titleZh": "签发日期",
        "titleEn": "Date of issue"
      }
    },
    schema: birthSchema,
  },
  'nhc.death-certificate': {
    dataset: 'nhc.death-certificate',
    department: "nhc",
    topic: "dept.nhc.death-certificate.v1",
    doc: "医疗卫生机构签发的死亡证明; 无身份号码的逝者不在本数据集。 Deaths as certified by medical institutions; the deceased without any personal id are outside this dataset.",
    title: {
      "zh": "死亡医学证明",
      "en": "Death certificate"
    },
    subjectKey: "citizenId",
    subjectCheck: "person-id",
    reasons: {
      "INITIAL_LOAD": "初始装载",
      "CERTIFICATE_ISSUED": "签发",
      "CERTIFICATE_REISSUED": "补发",
      "CAUSE_REVISED": "死因订正",
      "IDENTITY_MISTAKEN": "身份误报",
      "CERTIFICATE_VOIDED": "证明作废",
      "CLERICAL_ERROR": "录入差错"
    },
    annulmentDays: 30,
    freshness: {
      "withinSeconds": 15,
      "percent": 99.5
    },
    counterparts: [
      {
        "dataset": "mca.cremation",
        "verbs": [
          "CREATED",
          "CORRECTED"
        ]
      },
      {
        "dataset": "psb.household-register",
        "verbs": [
          "CEASED"
        ],
        "reasons": [
          "DEATH_CANCELLED"
        ]
      }
    ],
    sharing: "conditional",
    legalBasis: "国卫规划发〔2013〕57号; 国卫规划发〔2026〕5号; 社会保险经办条例第八条",
    fields: {
      "citizenId": {
        "type": "string",
        "nullable": false,
        "titleZh": "逝者公民身份号码",
        "titleEn": "Citizen id of the deceased",
        "check": "person-id"
      },
      "certificateNo": {
        "type": "string",
        "nullable": true,
        "titleZh": "死亡证明编号",
        "titleEn": "Certificate number"
      },
      "name": {
        "type": "string",
        "nullable": true,
        "titleZh": "姓名",
        "titleEn": "Name"
      },
      "sex": {
        "type": "string",
        "nullable": true,
        "titleZh": "性别",
        "titleEn": "Sex",
        "codes": {
          "0": "未知",
          "1": "男",
          "2": "女",
          "9": "未说明"
        }
      },
      "ethnicity": {
        "type": "string",
        "nullable": true,
        "titleZh": "民族",
        "titleEn": "Ethnic group",
        "codes": {
          "10": "朝鲜族",
          "11": "满族",
          "12": "侗族",
          "13": "瑶族",
          "14": "白族",
          "15": "土家族",
          "16": "哈尼族",
          "17": "哈萨克族",
          "18": "傣族",
          "19": "黎族",
          "20": "傈僳族",
          "21": "佤族",
          "22": "畲族",
          "23": "高山族",
          "24": "拉祜族",
          "25": "水族",
          "26": "东乡族",
          "27": "纳西族",
          "28": "景颇族",
          "29": "柯尔克孜族",
          "30": "土族",
          "31": "达斡尔族",
          "32": "仫佬族",
          "33": "羌族",
          "34": "布朗族",
          "35": "撒拉族",
          "36": "毛南族",
          "37": "仡佬族",
          "38": "锡伯族",
          "39": "阿昌族",
          "40": "普米族",
          "41": "塔吉克族",
          "42": "怒族",
          "43": "乌孜别克族",
          "44": "俄罗斯族",
          "45": "鄂温克族",
          "46": "德昂族",
          "47": "保安族",
          "48": "裕固族",
          "49": "京族",
          "50": "塔塔尔族",
          "51": "独龙族",
          "52": "鄂伦春族",
          "53": "赫哲族",
          "54": "门巴族",
          "55": "珞巴族",
          "56": "基诺族",
          "01": "汉族",
          "02": "蒙古族",
          "03": "回族",
          "04": "藏族",
          "05": "维吾尔族",
          "06": "苗族",
          "07": "彝族",
          "08": "壮族",
          "09": "布依族"
        }
      },
      "birthDate": {
        "type": "date",
        "nullable": true,
        "titleZh": "出生日期",
        "titleEn": "Date of birth"
      },
      "deathDate": {
        "type": "date",
        "nullable": false,
        "titleZh": "死亡日期",
        "titleEn": "Date of death"
      },
      "deathAt": {
        "type": "timestamp",
        "nullable": true,
        "titleZh": "死亡时间",
        "titleEn": "Time of death"
      },
      "deathPlace": {
        "type": "string",
        "nullable": true,
        "titleZh": "死亡地点",
        "titleEn": "Place of death"
      },
      "causeOfDeath": {
        "type": "string",
        "nullable": true,
        "titleZh": "根本死因",
        "titleEn": "Underlying cause of death"
      },
      "causeCode": {
        "type": "string",
        "nullable": true,
        "titleZh": "根本死因编码",
        "titleEn": "Code of the cause"
      },
      "institutionName": {
        "type": "string",
        "nullable": true,
        "titleZh": "签发机构名称",
        "titleEn": "Certifying institution"
      },
      "institutionCreditCode": {
        "type": "string",
        "nullable": true,
        "titleZh": "签发机构统一社会信用代码",
        "titleEn": "Credit code of the institution",
        "check": "credit-code"
      },
      "doctorName": {
        "type": "string",
        "nullable": true,
        "titleZh": "签发医师",
        "titleEn": "Certifying doctor"
      },
      "maritalStatus": {
        "type": "string",
        "nullable": true,
        "titleZh": "婚姻状况",
        "titleEn": "Marital status",
        "codes": {
          "10": "未婚",
          "20": "已婚",
          "21": "初婚",
          "22": "再婚",
          "23": "复婚",
          "30": "丧偶",
          "40": "离婚",
          "90": "未说明"
        }
      },
      "occupation": {
        "type": "string",
        "nullable": true,
        "titleZh": "生前职业",
        "titleEn": "Occupation"
      },
      "householdAddress": {
        "type": "string",
        "nullable": true,
        "titleZh": "户籍地址",
        "titleEn": "Registered address"
      },
      "residenceAddress": {
        "type": "string",
        "nullable": true,
        "titleZh": "生前常住地址",
        "titleEn": "Address of residence"
      },
      "divisionCode": {
        "type": "string",
        "nullable": true,
        "titleZh": "户籍地行政区划代码",
        "titleEn": "Division code of the registered address",
        "check": "division-code"
      },
      "informantName": {
        "type": "string",
        "nullable": true,
        "titleZh": "申报人姓名",
        "titleEn": "Informant's name"
      },
      "informantRelation": {
        "type": "string",
        "nullable": true,
        "titleZh": "申报人与逝者关系",
        "titleEn": "Informant's relation to the deceased"
      },
      "informantPhone": {
        "type": "string",
        "nullable": true,
        "titleZh": "申报人电话",
        "titleEn": "Informant's telephone"
      },
      "issuedDate": {
        "type": "date",
        "nullable": true,
        "titleZh": "签发日期",
        "titleEn": "Date of issue"
      }
    },
    schema: deathCertificateSchema,
  },
  'nrb.real-estate-title': {
    dataset: 'nrb.real-estate-title',
    department: "nrb",
    topic: "dept.nrb.real-estate-title.v1",
    doc: "房屋所有权及其共有人, 一单元一权利人一条; 转移登记终止原权利人记录并新建。 House titles, one record per unit and co-owner; a transfer ceases the old owners' records and creates the new.",
    title: {
      "zh": "不动产权利",
      "en": "Real estate title"
    },
    subjectKey: "estateUnitNo",
    subjectCheck: "estate-unit",
    reasons: {
      "INITIAL_LOAD": "初始装载",
      "FIRST_REGISTERED": "首次登记",
      "ALTERED": "变更登记",
      "TRANSFERRED": "转移登记",
      "CANCELLED": "注销登记",
      "RECTIFIED": "更正登记",
      "OBJECTION": "异议登记",
      "PRENOTICE": "预告登记",
      "SEIZED": "查封登记",
      "MORTGAGE_CHANGED": "抵押登记变动",
      "UNIT_RENUMBERED": "不动产单元重新编码",
      "CLERICAL_ERROR": "录入差错"
    },
    annulmentDays: 90,
    freshness: {
      "withinSeconds": 60,
      "percent": 99
    },
    sharing: "conditional",
    legalBasis: "不动产登记暂行条例第三条、第八条、第二十一条",
    fields: {
      "estateUnitNo": {
        "type": "string",
        "nullable": false,
        "titleZh": "不动产单元代码",
        "titleEn": "Estate unit number",
        "check": "estate-unit"
      },
      "formerEstateUnitNo": {
        "type": "string",
        "nullable": true,
        "titleZh": "原不动产单元代码",
        "titleEn": "Former estate unit number",
        "check": "estate-unit"
      },
      "ownerName": {
        "type": "string",
        "nullable": false,
        "titleZh": "权利人名称",
        "titleEn": "Name of the owner"
      },
      "ownerId": {
        "type": "string",
        "nullable": true,
        "titleZh": "权利人证件号码",
        "titleEn": "Owner's document number"
      },
      "ownerIdType": {
        "type": "string",
        "nullable": true,
        "titleZh": "权利人证件种类",
        "titleEn": "Kind of the owner's document"
      },
      "ownerType": {
        "type": "string",
        "nullable": true,
        "titleZh": "权利人类型",
        "titleEn": "Kind of owner"
      },
      "coOwnership": {
        "type": "string",
        "nullable": true,
        "titleZh": "共有方式",
        "titleEn": "Form of co-ownership",
        "codes": {
          "0": "单独所有",
          "1": "共同共有",
          "2": "按份共有",
          "3": "其他共有"
        }
      },
      "share": {
        "type": "string",
        "nullable": true,
        "titleZh": "权利比例",
        "titleEn": "Share"
      },
      "certificateNo": {
        "type": "string",
        "nullable": true,
        "titleZh": "不动产权证号",
        "titleEn": "Number of the certificate"
      },
      "businessNo": {
        "type": "string",
        "nullable": true,
        "titleZh": "业务号",
        "titleEn": "Business number"
      },
      "previousBusinessNo": {
        "type": "string",
        "nullable": true,
        "titleZh": "上手业务号",
        "titleEn": "Previous business number"
      },
      "rightType": {
        "type": "string",
        "nullable": true,
        "titleZh": "权利类型",
        "titleEn": "Kind of right"
      },
      "registrationType": {
        "type": "string",
        "nullable": true,
        "titleZh": "登记类型",
        "titleEn": "Kind of registration"
      },
      "location": {
        "type": "string",
        "nullable": true,
        "titleZh": "坐落",
        "titleEn": "Location"
      },
      "divisionCode": {
        "type": "string",
        "nullable": true,
        "titleZh": "行政区划代码",
        "titleEn": "Division code",
        "check": "division-code"
      },
      "plannedUse": {
        "type": "string",
        "nullable": true,
        "titleZh": "规划用途",
        "titleEn": "Planned use"
      },
      "houseNature": {
        "type": "string",
        "nullable": true,
        "titleZh": "房屋性质",
        "titleEn": "Nature of the house"
      },
      "structure": {
        "type": "string",
        "nullable": true,
        "titleZh": "房屋结构",
        "titleEn": "Structure"
      },
      "buildingArea": {
        "type": "string",
        "nullable": true,
        "titleZh": "建筑面积",
        "titleEn": "Building area",
        "numeric": true
      },
      "exclusiveArea": {
        "type": "string",
        "nullable": true,
        "titleZh": "专有建筑面积",
        "titleEn": "Exclusive area",
        "numeric": true
      },
      "landUseUntil": {
        "type": "date",
        "nullable": true,
        "titleZh": "土地使用期限止",
        "titleEn": "Land may be used until"
      },
      "transactionPrice": {
        "type": "string",
        "nullable": true,
        "titleZh": "交易价格",
        "titleEn": "Price",
        "numeric": true
      },
      "registeredDate": {
        "type": "date",
        "nullable": true,
        "titleZh": "登记时间",
        "titleEn": "Registered on"
      },
      "isMortgaged": {
        "type": "boolean",
        "nullable": true,
        "titleZh": "是否抵押",
        "titleEn": "Mortgaged"
      },
      "isSeized": {
        "type": "boolean",
        "nullable": true,
        "titleZh": "是否查封",
        "titleEn": "Seized"
      }
    },
    schema: realEstateTitleSchema,
  },
  'psb.household-register': {
    dataset: 'psb.household-register',
    department: "psb",
    topic: "dept.psb.household-register.v1",
    doc: "公安机关户籍登记的常住人口, 一人一地一条。 Permanent residents as the public security bureau registers them: one person, one place, one record; a move out ceases the record.",
    title: {
      "zh": "户籍登记",
      "en": "Household register"
    },
    subjectKey: "citizenId",
    subjectCheck: "person-id",
    reasons: {
      "INITIAL_LOAD": "初始装载",
      "BIRTH_REGISTERED": "出生登记",
      "MOVED_IN": "迁入登记",
      "MOVED_OUT": "迁出注销",
      "DEATH_CANCELLED": "死亡注销",
      "REINSTATED": "恢复户口",
      "DETAILS_CHANGED": "登记项目变更",
      "REZONED": "行政区划调整",
      "DUPLICATE_CANCELLED": "重复户口注销",
      "CLERICAL_ERROR": "录入差错"
    },
    annulmentDays: 30,
    freshness: {
      "withinSeconds": 15,
      "percent": 99.5
    },
    sharing: "conditional",
    legalBasis: "户口登记条例第六条、第七条、第八条; 居民身份证法第三条; 社会保险经办条例第八条",
    fields: {
      "citizenId": {
        "type": "string",
        "nullable": false,
        "titleZh": "公民身份号码",
        "titleEn": "Citizen id",
        "check": "person-id"
      },
      "name": {
        "type": "string",
        "nullable": false,
        "titleZh": "姓名",
        "titleEn": "Name"
      },
      "formerName": {
        "type": "string",
        "nullable": true,
        "titleZh": "曾用名",
        "titleEn": "Former name"
      },
      "sex": {
        "type": "string",
        "nullable": true,
        "titleZh": "性别",
        "titleEn": "Sex",
        "codes": {
          "0": "未知",
          "1": "男",
          "2": "女",
          "9": "未说明"
        }
      },
      "ethnicity": {
        "type": "string",
        "nullable": true,
        "titleZh": "民族",
        "titleEn": "Ethnic group",
        "codes": {
          "10": "朝鲜族",
          "11": "满族",
          "12": "侗族",
          "13": "瑶族",
          "14": "白族",
          "15": "土家族",
          "16": "哈尼族",
          "17": "哈萨克族",
          "18": "傣族",
          "19": "黎族",
          "20": "傈僳族",
          "21": "佤族",
          "22": "畲族",
          "23": "高山族",
          "24": "拉祜族",
          "25": "水族",
          "26": "东乡族",
          "27": "纳西族",
          "28": "景颇族",
          "29": "柯尔克孜族",
          "30": "土族",
          "31": "达斡尔族",
          "32": "仫佬族",
          "33": "羌族",
          "34": "布朗族",
          "35": "撒拉族",
          "36": "毛南族",
          "37": "仡佬族",
          "38": "锡伯族",
          "39": "阿昌族",
          "40": "普米族",
          "41": "塔吉克族",
          "42": "怒族",
          "43": "乌孜别克族",
          "44": "俄罗斯族",
          "45": "鄂温克族",
          "46": "德昂族",
          "47": "保安族",
          "48": "裕固族",
          "49": "京族",
          "50": "塔塔尔族",
          "51": "独龙族",
          "52": "鄂伦春族",
          "53": "赫哲族",
          "54": "门巴族",
          "55": "珞巴族",
          "56": "基诺族",
          "01": "汉族",
          "02": "蒙古族",
          "03": "回族",
          "04": "藏族",
          "05": "维吾尔族",
          "06": "苗族",
          "07": "彝族",
          "08": "壮族",
          "09": "布依族"
        }
      },
      "birthDate": {
        "type": "date",
        "nullable": true,
        "titleZh": "出生日期",
        "titleEn": "Date of birth"
      },
      "birthplace": {
        "type": "string",
        "nullable": true,
        "titleZh": "出生地",
        "titleEn": "Place of birth"
      },
      "nativePlace": {
        "type": "string",
        "nullable": true,
        "titleZh": "籍贯",
        "titleEn": "Native place"
      },
      "householdNo": {
        "type": "string",
        "nullable": true,
        "titleZh": "户号",
        "titleEn": "Household number"
      },
      "householdType": {
        "type": "string",
        "nullable": true,
        "titleZh": "户别",
        "titleEn": "Kind of household"
      },
      "relationToHead": {
        "type": "string",
        "nullable": true,
        "titleZh": "与户主关系",
        "titleEn": "Relation to the head of household"
      },
      "householdAddress": {
        "type": "string",
        "nullable": true,
        "titleZh": "常住户口所在地住址",
        "titleEn": "Registered address"
      },
      "divisionCode": {
        "type": "string",
        "nullable": true,
        "titleZh": "行政区划代码",
        "titleEn": "Division code",
        "check": "division-code"
      },
      "townshipCode": {
        "type": "string",
        "nullable": true,
        "titleZh": "乡镇街道代码",
        "titleEn": "Township code"
      },
      "communityName": {
        "type": "string",
        "nullable": true,
        "titleZh": "居(村)委会",
        "titleEn": "Residents or villagers committee"
      },
      "maritalStatus": {
        "type": "string",
        "nullable": true,
        "titleZh": "婚姻状况",
        "titleEn": "Marital status",
        "codes": {
          "10": "未婚",
          "20": "已婚",
          "21": "初婚",
          "22": "再婚",
          "23": "复婚",
          "30": "丧偶",
          "40": "离婚",
          "90": "未说明"
        }
      },
      "education": {
        "type": "string",
        "nullable": true,
        "titleZh": "文化程度",
        "titleEn": "Education"
      },
      "occupation": {
        "type": "string",
        "nullable": true,
        "titleZh": "职业",
        "titleEn": "Occupation"
      },
      "registeredDate": {
        "type": "date",
        "nullable": true,
        "titleZh": "登记日期",
        "titleEn": "Date of registration"
      },
      "movedFrom": {
        "type": "string",
        "nullable": true,
        "titleZh": "何地迁来",
        "titleEn": "Moved in from"
      },
      "movedInDate": {
        "type": "date",
        "nullable": true,
        "titleZh": "迁来日期",
        "titleEn": "Date of moving in"
      },
      "policeStation": {
        "type": "string",
        "nullable": true,
        "titleZh": "派出所",
        "titleEn": "Police station"
      },
      "issuingAuthority": {
        "type": "string",
        "nullable": true,
        "titleZh": "居民身份证签发机关",
        "titleEn": "Issuing authority of the identity card"
      },
      "cardExpiryDate": {
        "type": "date",
        "nullable": true,
        "titleZh": "居民身份证有效期止",
        "titleEn": "Expiry of the identity card"
      }
    },
    schema: householdRegisterSchema,
  },
  'psb.residence-permit': {
    dataset: 'psb.residence-permit',
    department: "psb",
    topic: "dept.psb.residence-permit.v1",
    doc: "居住证、港澳台居民居住证和外国人永久居留身份证的签发与注销。 Residence permits of people registered elsewhere, of residents of Hong Kong, Macau and Taiwan, and foreigners' permanent residence cards.",
    title: {
      "zh": "居住证",
      "en": "Residence permit"
    },
    subjectKey: "citizenId",
    subjectCheck: "person-id",
    reasons: {
      "INITIAL_LOAD": "初始装载",
      "ISSUED": "签发",
      "RENEWED": "签注或换领",
      "CARD_REPLACED": "换发新号码证件",
      "ADDRESS_CHANGED": "居住地址变更",
      "CANCELLED": "注销",
      "EXPIRED": "到期失效",
      "CLERICAL_ERROR": "录入差错"
    },
    annulmentDays: 30,
    freshness: {
      "withinSeconds": 30,
      "percent": 99
    },
    sharing: "conditional",
    legalBasis: "政务数据共享条例(国务院令第809号, 2025-08-01起施行)第十三条、第十九条",
    fields: {
      "citizenId": {
        "type": "string",
        "nullable": false,
        "titleZh": "证件持有人号码",
        "titleEn": "Holder id",
        "check": "person-id"
      },
      "name": {
        "type": "string",
        "nullable": false,
        "titleZh": "姓名",
        "titleEn": "Name"
      },
      "permitType": {
        "type": "string",
        "nullable": true,
        "titleZh": "证件种类",
        "titleEn": "Kind of permit"
      },
      "permitNo": {
        "type": "string",
        "nullable": true,
        "titleZh": "居住证编号",
        "titleEn": "Number of the permit"
      },
      "formerCardNo": {
        "type": "string",
        "nullable": true,
        "titleZh": "原证件号码",
        "titleEn": "Former card number",
        "check": "person-id"
      },
      "sex": {
        "type": "string",
        "nullable": true,
        "titleZh": "性别",
        "titleEn": "Sex",
        "codes": {
          "0": "未知",
          "1": "男",
          "2": "女",
          "9": "未说明"
        }
      },
      "birthDate": {
        "type": "date",
        "nullable": true,
        "titleZh": "出生日期",
        "titleEn": "Date of birth"
      },
      "ethnicity": {
        "type": "string",
        "nullable": true,
        "titleZh": "民族",
        "titleEn": "Ethnic group",
        "codes": {
          "10": "朝鲜族",
          "11": "满族",
          "12": "侗族",
          "13": "瑶族",
          "14": "白族",
          "15": "土家族",
          "16": "哈尼族",
          "17": "哈萨克族",
          "18": "傣族",
          "19": "黎族",
          "20": "傈僳族",
          "21": "佤族",
          "22": "畲族",
          "23": "高山族",
          "24": "拉祜族",
          "25": "水族",
          "26": "东乡族",
          "27": "纳西族",
          "28": "景颇族",
          "29": "柯尔克孜族",
          "30": "土族",
          "31": "达斡尔族",
          "32": "仫佬族",
          "33": "羌族",
          "34": "布朗族",
          "35": "撒拉族",
          "36": "毛南族",
          "37": "仡佬族",
          "38": "锡伯族",
          "39": "阿昌族",
          "40": "普米族",
          "41": "塔吉克族",
          "42": "怒族",
          "43": "乌孜别克族",
          "44": "俄罗斯族",
          "45": "鄂温克族",
          "46": "德昂族",
          "47": "保安族",
          "48": "裕固族",
          "49": "京族",
          "50": "塔塔尔族",
          "51": "独龙族",
          "52": "鄂伦春族",
          "53": "赫哲族",
          "54": "门巴族",
          "55": "珞巴族",
          "56": "基诺族",
          "01": "汉族",
          "02": "蒙古族",
          "03": "回族",
          "04": "藏族",
          "05": "维吾尔族",
          "06": "苗族",
          "07": "彝族",
          "08": "壮族",
          "09": "布依族"
        }
      },
      "nationality": {
        "type": "string",
        "nullable": true,
        "titleZh": "国籍",
        "titleEn": "Nationality"
      },
      "homeAddress": {
        "type": "string",
        "nullable": true,
        "titleZh": "户籍地址",
        "titleEn": "Registered address elsewhere"
      },
      "homeDivisionCode": {
        "type": "string",
        "nullable": true,
        "titleZh": "户籍地行政区划代码",
        "titleEn": "Division code of the registered address",
        "check": "division-code"
      },
      "residenceAddress": {
        "type": "string",
        "nullable": true,
        "titleZh": "现居住地址",
        "titleEn": "Address of residence"
      },
      "divisionCode": {
        "type": "string",
        "nullable": true,
        "titleZh": "居住地行政区划代码",
        "titleEn": "Division code of residence",
        "check": "division-code"
      },
      "townshipCode": {
        "type": "string",
        "nullable": true,
        "titleZh": "乡镇街道代码",
        "titleEn": "Township code"
      },
      "residenceReason": {
        "type": "string",
        "nullable": true,
        "titleZh": "居住事由",
        "titleEn": "Reason of residence"
      },
      "arrivedDate": {
        "type": "date",
        "nullable": true,
        "titleZh": "来本地日期",
        "titleEn": "Date of arrival"
      },
      "issuedDate": {
        "type": "date",
        "nullable": true,
        "titleZh": "签发日期",
        "titleEn": "Date of issue"
      },
      "expiryDate": {
        "type": "date",
        "nullable": true,
        "titleZh": "有效期止",
        "titleEn": "Date of expiry"
      },
      "issuingAuthority": {
        "type": "string",
        "nullable": true,
        "titleZh": "签发机关",
        "titleEn": "Issuing authority"
      },
      "employerName": {
        "type": "string",
        "nullable": true,
        "titleZh": "从业单位",
        "titleEn": "Employer"
      },
      "phone": {
        "type": "string",
        "nullable": true,
        "titleZh": "联系电话",
        "titleEn": "Telephone"
      }
    },
    schema: residencePermitSchema,
  },
  'psb.vehicle': {
    dataset: 'psb.vehicle',
    department: "psb",
    topic: "dept.psb.vehicle.v1",
    doc: "自然人名下机动车的注册、转移和注销登记, 一车一所有人一条。 Motor vehicles registered to natural persons: one record per vehicle and owner; a transfer ceases it at the old owner and creates one at the new.",
    title: {
      "zh": "机动车登记",
      "en": "Vehicle registration"
    },
    subjectKey: "citizenId",
    subjectCheck: "person-id",
    reasons: {
      "INITIAL_LOAD": "初始装载",
      "REGISTERED": "注册登记",
      "TRANSFERRED_IN": "转移登记(转入)",
      "TRANSFERRED_OUT": "转移登记(转出)",
      "DETAILS_CHANGED": "变更登记",
      "MORTGAGE_CHANGED": "抵押登记",
      "DEREGISTERED": "注销登记",
      "SCRAPPED": "报废",
      "CLERICAL_ERROR": "录入差错"
    },
    annulmentDays: 30,
    freshness: {
      "withinSeconds": 30,
      "percent": 99
    },
    sharing: "conditional",
    legalBasis: "最低生活保障审核确认办法(民政部, 2021-07-01起施行)第十七条(车船信息核对)",
    fields: {
      "citizenId": {
        "type": "string",
        "nullable": false,
        "titleZh": "所有人身份号码",
        "titleEn": "Owner's id",
        "check": "person-id"
      },
      "ownerName": {
        "type": "string",
        "nullable": true,
        "titleZh": "所有人姓名",
        "titleEn": "Name of the owner"
      },
      "plateNo": {
        "type": "string",
        "nullable": false,
        "titleZh": "号牌号码",
        "titleEn": "Plate number"
      },
      "plateType": {
        "type": "string",
        "nullable": true,
        "titleZh": "号牌种类",
        "titleEn": "Kind of plate"
      },
      "vehicleType": {
        "type": "string",
        "nullable": true,
        "titleZh": "车辆类型",
        "titleEn": "Kind of vehicle"
      },
      "brand": {
        "type": "string",
        "nullable": true,
        "titleZh": "品牌",
        "titleEn": "Brand"
      },
      "model": {
        "type": "string",
        "nullable": true,
        "titleZh": "型号",
        "titleEn": "Model"
      },
      "vin": {
        "type": "string",
        "nullable": true,
        "titleZh": "车辆识别代号",
        "titleEn": "Vehicle identification number"
      },
      "engineNo": {
        "type": "string",
        "nullable": true,
        "titleZh": "发动机号",
        "titleEn": "Engine number"
      },
      "usage": {
        "type": "string",
        "nullable": true,
        "titleZh": "使用性质",
        "titleEn": "Use"
      },
      "colour": {
        "type": "string",
        "nullable": true,
        "titleZh": "车身颜色",
        "titleEn": "Colour"
      },
      "seats": {
        "type": "int",
        "nullable": true,
        "titleZh": "核定载客数",
        "titleEn": "Seats"
      },
      "purchasePrice": {
        "type": "string",
        "nullable": true,
        "titleZh": "购置价格",
        "titleEn": "Purchase price",
        "numeric": true
      },
      "firstRegisteredDate": {
        "type": "date",
        "nullable": true,
        "titleZh": "初次登记日期",
        "titleEn": "First registered"
      },
      "licenceIssuedDate": {
        "type": "date",
        "nullable": true,
        "titleZh": "行驶证发证日期",
        "titleEn": "Licence issued"
      },
      "inspectionExpiryDate": {
        "type": "date",
        "nullable": true,
        "titleZh": "检验有效期止",
        "titleEn": "Inspection valid until"
      },
      "scrapDueDate": {
        "type": "date",
        "nullable": true,
        "titleZh": "强制报废期止",
        "titleEn": "Must be scrapped by"
      },
      "isMortgaged": {
        "type": "boolean",
        "nullable": true,
        "titleZh": "是否抵押",
        "titleEn": "Mortgaged"
      },
      "status": {
        "type": "string",
        "nullable": true,
        "titleZh": "机动车状态",
        "titleEn": "Status"
      },
      "registrationAuthority": {
        "type": "string",
        "nullable": true,
        "titleZh": "登记机关",
        "titleEn": "Registration authority"
      },
      "divisionCode": {
        "type": "string",
        "nullable": true,
        "titleZh": "行政区划代码",
        "titleEn": "Division code",
        "check": "division-code"
      }
    },
    schema: vehicleSchema,
  },
  'sco.institution-registration': {
    dataset: 'sco.institution-registration',
    department: "sco",
    topic: "dept.sco.institution-registration.v1",
    doc: "机构编制部门登记的机关、事业单位和群众团体。 Organs, public institutions and people's organisations registered by the staffing office.",
    title: {
      "zh": "机关事业单位登记",
      "en": "Institution registration"
    },
    subjectKey: "creditCode",
    subjectCheck: "credit-code",
    reasons: {
      "INITIAL_LOAD": "初始装载",
      "FOUNDED": "设立登记",
      "CHANGED": "变更登记",
      "MERGED": "合并",
      "DEREGISTERED": "注销登记",
      "REVOKED": "撤销登记",
      "CERTIFICATE_RENEWED": "换领证书",
      "CLERICAL_ERROR": "录入差错"
    },
    annulmentDays: 90,
    freshness: {
      "withinSeconds": 30,
      "percent": 99
    },
    sharing: "unconditional",
    legalBasis: "国发〔2015〕33号; 政务数据共享条例(国务院令第809号, 2025-08-01起施行)第十三条",
    fields: {
      "creditCode": {
        "type": "string",
        "nullable": false,
        "titleZh": "统一社会信用代码",
        "titleEn": "Unified social credit code",
        "check": "credit-code"
      },
      "name": {
        "type": "string",
        "nullable": false,
        "titleZh": "名称",
        "titleEn": "Name"
      },
      "institutionKind": {
        "type": "string",
        "nullable": true,
        "titleZh": "机构类别",
        "titleEn": "Kind of institution",
        "codes": {
          "1": "机关",
          "2": "事业单位",
          "3": "群众团体",
          "9": "其他"
        }
      },
      "otherNames": {
        "type": "string",
        "nullable": true,
        "titleZh": "其他名称",
        "titleEn": "Other names"
      },
      "organisationCode": {
        "type": "string",
        "nullable": true,
        "titleZh": "组织机构代码",
        "titleEn": "Organisation code",
        "check": "organisation-code"
      },
      "legalRepresentative": {
        "type": "string",
        "nullable": true,
        "titleZh": "法定代表人",
        "titleEn": "Legal representative"
      },
      "businessScope": {
        "type": "string",
        "nullable": true,
        "titleZh": "宗旨和业务范围",
        "titleEn": "Purpose and scope"
      },
      "fundingSource": {
        "type": "string",
        "nullable": true,
        "titleZh": "经费来源",
        "titleEn": "Source of funds"
      },
      "startingFunds": {
        "type": "string",
        "nullable": true,
        "titleZh": "开办资金",
        "titleEn": "Starting funds",
        "numeric": true
      },
      "sponsor": {
        "type": "string",
        "nullable": true,
        "titleZh": "举办单位",
        "titleEn": "Sponsor"
      },
      "sponsorCreditCode": {
        "type": "string",
        "nullable": true,
        "titleZh": "举办单位统一社会信用代码",
        "titleEn": "Credit code of the sponsor",
        "check": "credit-code"
      },
      "address": {
        "type": "string",
        "nullable": true,
        "titleZh": "住所",
        "titleEn": "Domicile"
      },
      "divisionCode": {
        "type": "string",
        "nullable": true,
        "titleZh": "行政区划代码",
        "titleEn": "Division code",
        "check": "division-code"
      },
      "registrationAuthority": {
        "type": "string",
        "nullable": true,
        "titleZh": "登记管理机关",
        "titleEn": "Registration authority"
      },
      "foundedDate": {
        "type": "date",
        "nullable": true,
        "titleZh": "成立日期",
        "titleEn": "Date of foundation"
      },
      "approvedDate": {
        "type": "date",
        "nullable": true,
        "titleZh": "核准日期",
        "titleEn": "Date of approval"
      },
      "certificateExpiryDate": {
        "type": "date",
        "nullable": true,
        "titleZh": "证书有效期止",
        "titleEn": "Expiry of the certificate"
      },
      "staffQuota": {
        "type": "int",
        "nullable": true,
        "titleZh": "编制数",
        "titleEn": "Authorised staff"
      },
      "status": {
        "type": "string",
        "nullable": true,
        "titleZh": "机构状态",
        "titleEn": "Status",
        "codes": {
          "1": "正常",
          "2": "异常",
          "3": "吊销",
          "4": "注销/撤销",
          "9": "其他"
        }
      },
      "phone": {
        "type": "string",
        "nullable": true,
        "titleZh": "联系电话",
        "titleEn": "Telephone"
      }
    },
    schema: institutionRegistrationSchema,
  },
} as const satisfies Record<string, DatasetDeclaration>;

/** The name of a dataset: `<department>.<dataset>`. */
export type DatasetName = keyof typeof datasets;

/** The `data` of each dataset's change events. */
export interface DatasetData {
  readonly 'amr.enterprise-registration': EnterpriseRegistrationData;
  readonly 'dpf.disability-certificate': DisabilityCertificateData;
  readonly 'hcb.dwelling': DwellingData;
  readonly 'hcb.public-rental': PublicRentalData;
  readonly 'hpf.provident-fund': ProvidentFundData;
  readonly 'hrss.insurance': InsuranceData;
  readonly 'hrss.pension-entitlement': PensionEntitlementData;
  readonly 'hrss.pension-payment': PensionPaymentData;
  readonly 'mca.cremation': CremationData;
  readonly 'mca.dibao-household': DibaoHouseholdData;
  readonly 'mca.marriage': MarriageData;
  readonly 'mca.social-organisation': SocialOrganisationData;
  readonly 'nhc.birth': BirthData;
  readonly 'nhc.death-certificate': DeathCertificateData;
  readonly 'nrb.real-estate-title': RealEstateTitleData;
  readonly 'psb.household-register': HouseholdRegisterData;
  readonly 'psb.residence-permit': ResidencePermitData;
  readonly 'psb.vehicle': VehicleData;
  readonly 'sco.institution-registration': InstitutionRegistrationData;
}
