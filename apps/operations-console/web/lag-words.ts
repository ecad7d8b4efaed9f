/** What the page of lag says of consumer groups: ours are judged by their database, so these sentences are for others. */
export const lagWords = {
  'groupState.Stable': { zh: '稳定', en: 'stable' },
  'groupState.Empty': { zh: '不在线', en: 'nobody there' },
  'groupState.Dead': { zh: '已注销', en: 'removed' },
  'groupState.PreparingRebalance': { zh: '正在重新分配', en: 'rebalancing' },
  'groupState.CompletingRebalance': { zh: '正在重新分配', en: 'rebalancing' },
  'groupSays.DATA_LOST': {
    zh: '消息在读取前已被清除，请告知该订阅方重新取数',
    en: 'messages were removed before it read them: have it fetch the data anew',
  },
  'groupSays.STOP': {
    zh: '有消息等待，但无人读取，请该订阅方检查其程序',
    en: 'messages wait and nobody reads them: have its owner look at its program',
  },
  'groupSays.BLOCKED': {
    zh: '一个未结束的事务挡住了其后的消息，请让发布方提交或中止它',
    en: 'an open transaction hides what was published after it: have its publisher commit or abort it',
  },
  'groupSays.STALL': {
    zh: '成员在线，但没有进展，请该订阅方查看其日志',
    en: 'it has members, but makes no progress: have its owner look at its log',
  },
  'groupSays.REWIND': { zh: '正在重新读取已读过的消息', en: 'going again through what it read' },
  'groupSays.UNKNOWN': {
    zh: '情况不明：有的分区从未提交过位置',
    en: 'not known: of some partitions it has never committed anything',
  },
  'groupSays.WARN': { zh: '落后，正在追赶', en: 'behind, and catching up' },
} as const;
