# 引擎写入文档的句子（假设、拒收原因、控制合计的名称）在简体中文里的说法。
# 键和变量须与 phrases.en.ftl 一致；名为 inner 的变量本身也是一句话。

## 假设：内容
what-as-of = 截至日期
what-cycle = 结算周期
what-fees = 手续费
what-time-zone = 时区
what-time-zone-of = 时区“{ $value }”
what-currency = 币种
what-columns = 列的对应
what-number-format = { $column } 的数字格式
what-date-format = { $column } 的日期格式
what-order-amount = 订单金额
what-further-rows = 订单的后续行
what-rows = 行
what-printed = 文件所印的合计
what-type = 类型“{ $value }”
what-status = 状态“{ $value }”
what-negative-type = 金额为负的行的类型
what-amount-sign = 金额的正负号
what-fee-sign = 手续费的正负号
what-shared-orders = 相同的订单号
what-period = 期间
what-clocks = 时钟差异
what-header = 表头
what-tax = 税
what-damaged-text = 文字受损
what-hidden = 隐藏字符
what-damaged-id = { $column } 中受损的编号
what-leading-zeros = { $column } 的前导零
what-encoding = 编码
value-lost = 已丢失
value-stray-quote = 多余的引号
value-unclosed-quote = 未闭合的引号
value-quotes-ignored = 引号按文字处理
value-lost-character = 丢失的字符
value-garbled = 乱码
value-nul = 空字符
value-repeated-key = 重复的键
value-as-stated = 以文件所写为准
value-none = 无
value-left-out = 不使用
value-of-net = 与净额相同
value-part-of-fee = 已含在手续费内

## 假设：理由
why-as-of = 没有指定日期：取文件中最晚时刻的次日
why-no-as-of = 没有指定日期，也没有任何一行写明日期：没有逾期，也没有在途
why-cycle = 没有合同说明：每个订单当日到期
why-fees = 没有提供合同：视文件中的手续费为正确
why-time-zone = 文件和格式都没有说明其时间属于哪个时区
why-currency = 文件中没有币种列；由本次设置指定
why-columns = 不是已知格式；各列按名称识别
why-number-contradiction = { $n } 个单元格（如 { $example }）需要小数点，{ $other } 个（如 { $another }）需要小数逗号；较少的一方被拒收
why-number-undecided = { $inner }；没有单元格能确定，例如 { $example }
why-number-as-in = 与列 { $column } 相同
why-number-three-decimals = 其中没有使用三位小数的币种
why-number-either = { $example } 可能是 { $one } 或 { $another }
why-date-either = { $example } 可能是 { $one } 或 { $another }；没有单元格能确定
why-date-contradiction = { $n } 个单元格（如 { $example }）需要它，{ $other } 个（如 { $another }）需要 { $format }；后者被拒收
why-order-amount = 没有列写明订单合计；文件未列出的部分（如运费）不在其中
why-further-rows = 其首行不在此文件中；共 { $n } 行，例如 { $example }
why-date-sibling = 与另一日期列相同；单看 { $example } 两种都可能
why-no-rows = 有表头，但下面没有数据行：若有缺失，请重新导出
why-printed = 文件末尾没有此格式应有的合计：可能被截断
why-type = 词汇表中没有这个词；该行保留金额，不与任何订单比较
why-fee-sign = 文件没有说明，也没有净额可以看出
why-amount-sign = 只有这样，金额、手续费和税才能得出净额
why-period = 没有属于这些日期的订单：订单的日期为 { $one } 至 { $another }
why-clocks = 文件没有说明时区，所取的时区与 { $value } 的不同
why-shared-orders = { $value } 中也有，例如 { $example }：同一订单出现两次会重复计算；分在两个文件中的部分则属于同一订单
why-header = 首行就是数据：各列按位置命名，其含义仅由数值推断
why-tax = 只有不计税时，金额减手续费才等于净额
why-hidden = 该工作表是隐藏的
why-columns-unknown = 没有认出它的列
why-exponent = 电子表格把它写成了科学计数法，末尾数字已丢失；不再用作键。请重新导出，添加之前不要打开
why-truncated = 电子表格只保留了 15 位，其余写成了零；不再用作键。请重新导出，添加之前不要打开
why-id-date = 电子表格把它当成了日期；不再用作键。请重新导出，添加之前不要打开
why-id-fault = 电子表格在此写入了错误值；不再用作键
why-id-lost = 其中有字符已丢失；不再用作键。请重新导出
why-leading-zeros = 几乎所有编号都是 { $n } 位，少数更短，且没有以零开头的：电子表格可能去掉了前导零。只差前导零的编号，在唯一时仍会匹配
why-hidden-characters = 已从键中去掉看不见的字符（零宽、方向标记、不换行空格）
why-encoding = { $other } 个非 ASCII 字符中有 { $n } 个与之相符；若文字显示不对，请另存为 UTF-8
why-encoding-next = { $other } 个非 ASCII 字符中有 { $n } 个与之相符；其次是 { $example }；若文字显示不对，请另存为 UTF-8
why-stray-quote = 该行有引号未闭合或未转义；按与其他行相同的单元格数读取，该引号作为文字
why-torn = 引号在一个单元格中开始，在后面的单元格中结束：可能缺少分隔符，单元格可能错位
why-unclosed = 该行有引号始终未闭合；该行不按引号读取
why-quotes-ignored = 未闭合的引号过多；从该行起引号作为文字
why-nul = 该行含有空字符；按原样保留
why-lost-character = 第 { $n } 列有无法还原的字符：其字节不属于该编码，或在保存时已丢失；请重新导出
why-garbled = 第 { $n } 列含有“{ $value }”：文件曾以错误的编码打开并保存；请重新导出，并以 UTF-8 打开
why-row = { $inner }；第 { $row } 行
why-rows = { $inner }；共 { $n } 行，首行为第 { $row } 行

## 拒收原因
reason-number = 列 { $column }：“{ $value }”不是金额；请检查列的对应，或更正该单元格
reason-scientific = 列 { $column }：“{ $value }”是科学计数法，电子表格这样写时会丢失数字；请重新导出，不要先用电子表格打开
reason-too-fine = 列 { $column }：“{ $value }”有 { $n } 位小数，但此列最多 { $most } 位；请更正金额，若文件确实更精细，请在列的对应中说明
reason-marks = 列 { $column }：“{ $value }”与该列的格式 { $format } 不符；请更正该单元格，或在列的对应中说明数字格式
reason-signs = 列 { $column }：“{ $value }”有多个正负号，或括号没有闭合；请只写一个符号，例如 -5.00 或 (5.00)
reason-other-currency = 列 { $column }：“{ $value }”带有 { $currency } 以外的货币符号；请更正该行的币种或单元格中的符号
reason-digits = 列 { $column }：“{ $value }”超过 28 位数字；请检查列的对应：这看起来是编号
reason-not-a-date = 列 { $column }：“{ $value }”不符合该列的日期格式；请更正该单元格，或在列的对应中说明日期格式
reason-no-such-day = 列 { $column }：“{ $value }”不是日期：{ $year } 年 { $month } 月没有 { $day } 日；请更正该单元格，或在列的对应中说明日期格式
reason-no-such-time = 列 { $column }：“{ $value }”中的时刻不存在；请更正该单元格：小时为 0 至 23，分和秒不超过 59
reason-zone = 列 { $column }：“{ $value }”中的时区不明或有多种含义；请改写为时差，例如 +08:00，或在列的对应中说明时区
reason-year = 列 { $column }：“{ $value }”不在公元 1 年至 9999 年之间；请检查该列的单位：秒和毫秒容易混淆
reason-rate = 列 { $column }：“{ $value }”不是大于零的汇率：请更正该单元格
reason-currency-empty = 列 { $column } 为空：请填写 ISO 4217 币种代码，例如 USD
reason-currency-unknown = 列 { $column }：“{ $value }”不是 ISO 4217 币种：请写其代码，例如 USD 或 KES
reason-currency-absent = 文件中没有币种列：请在“文件”中写明币种，或在“核对读取”中选择币种所在的列
reason-few-cells = 此行有 { $n } 个单元格，但表头有 { $most } 列；缺少“{ $column }”及其后的内容：请补全该行，或重新导出
reason-many-cells = 此行有 { $n } 个单元格，但表头只有 { $most } 列：请给含有分隔符的单元格加上引号，或重新导出
reason-no-amount = 没有写明金额：{ $column } 为空；请填写金额，或删去该行
reason-no-amount-one = 没有写明金额：{ $column } 为空；请填写金额，或删去该行
reason-no-net = 净额为空，也没有汇率可以推算：请填写净额或汇率
reason-amounts-digits = 金额超过 28 位数字：请检查列的对应

## 控制合计的名称
control-bounds = 期初余额 + 变动 = 期末余额
control-running-balance = 逐行余额
control-identity = 金额 + 手续费 + 税 = 净额的行数
control-rows-with = 满足 { $formula } 的行数
