## 核对：每个文件如何读取。在首屏之后加载。
check-title = 核对文件的读取方式
check-lead = 每一行要么被采用，要么是表头、合计等结构行，要么附上原因跳过。请回答未定的问题，其余看一眼即可。
check-reading = 正在读取文件…
check-large = 这些文件较大：对账之后，这里会显示每一行的去向。
check-clear = 没有未定的问题
check-questions = { $n } 个问题
check-warned = { $n } 条提示
check-skipped = { $n ->
   *[other] 跳过 { $shown } 行
  }
check-totals-off = { $n ->
   *[other] { $n } 项汇总不符
  }
check-unnamed = 请说明各列
check-unreadable = 无法读取
check-go = 对账：{ $orders } 笔订单与 { $lines } 条结算明细
check-answered = 已回答：{ $answer }

check-recognised = 识别为：
check-change = 更改
check-change-close = 收起
check-change-close-of = 收起 { $file } 的设置
check-change-of = 更改 { $file } 的读取方式
check-profile = 格式
check-profile-auto = 自动识别
check-profile-detect = 重新自动识别
check-delimiter = 分隔符
check-header-row = 表头在第 { $row } 行
check-header-none = 没有表头
check-header-title = 哪一行是列名？
check-header-lead = 请选择该行。其上方的内容（例如账户名称）不会读取。
check-header-lines = 文件的前几行
check-header-here = 表头
check-header-of = 第 { $line } 行是列名：{ $names }
check-header-more = 显示更多行
check-line = 行
check-line-of = 第 { $line } 行：
check-file = 文件

check-own-title = 您的回答
check-take-back = 撤回
check-take-back-of = 撤回：{ $question }
check-reset = 忘记以上设置，按自动识别读取
check-keep = 下次遇到列名相同的文件时也这样读取
check-keep-hint = 只保存在此浏览器中：文件名、列名、格式和词语；不含任何明细行或金额。
saved-title = 此浏览器记住了 { $n } 种文件的读取方式
saved-save = 存为文件
saved-save-of = 存为文件：{ $file } 的对应关系
saved-forget = 忘记
saved-forget-of = 忘记 { $file } 的对应关系
check-keep-refused = 此浏览器不允许页面保存内容。请改为将对应关系存为文件。
check-mapping-open = 使用文件中的对应关系
check-mapping-save = 将对应关系存为文件
check-mapping-bad = 此文件不含对应关系。请选择在此保存的文件，或用“crossfoot detect --mapping”生成的文件。
check-mapping-taken = 已按 { $file } 中的对应关系读取。

check-columns = 列
check-columns-lead = 每一列是什么，以及前几个值读成了什么。若有误，请选择其他列。
check-no-columns = 列名未知。请指明各列：有订单号、日期和金额就够了。
check-more-fields = 更多字段
check-own = 已选择
check-field = 字段
check-column = 文件中的列
check-sample = 文件中
check-parsed = 读作
check-empty = （空）
check-no-key = 不用作编号
check-less = 减去 { $column }
check-unmapped = 未使用
check-unmapped-count = { $n } 列未使用
check-in-out = 第 { $line } 行：文件中 → 读作
check-unmapped-columns = 未使用的列：{ $columns }

check-accounting = 读取 { $read } 行：采用 { $entries } 行，表头等结构 { $structural } 行，跳过 { $rejected } 行
check-accounting-bad = 读取 { $read } 行，但采用 { $entries } 行、结构 { $structural } 行、跳过 { $rejected } 行：数目不符
check-download = { $n ->
   *[other] 下载跳过的 { $shown } 行及原因
  }
check-skipped-name = { $file }-跳过的行.csv
check-rejected = 跳过的行
check-rejected-lead = 这些行不计入任何合计。请回答上面的问题，或在来源处更正后重新添加文件。
check-rejected-kept = 保留了前 { $n } 行。
check-reason = 原因
check-raw = 文件中的原行
check-warnings = 请留意
check-assumptions = { $n } 项默认设定
check-controls = 文件自带的合计
check-control = 合计
check-stated = 文件所载
check-computed = 按行计算
check-agrees = 相符
check-differs = 不符
check-drift = 缺少列“{ $missing }”。“{ $unknown }”似乎是同一列换了名称，目前未读取；请在上面选择它。

## 问题
question-date = “{ $subject }”中，日和月哪个在前？
question-numbers = “{ $subject }”中的“{ $example }”是多少？
question-zone = 此文件中的时间属于哪个时区？
question-fee-sign = “{ $example }”这样的手续费，是向您收取的，还是付给您的？
question-fee-sign-any = 正数的手续费是向您收取的吗？
question-type = 类型为“{ $subject }”的行是什么？
question-status = 状态“{ $subject }”是什么意思？
question-header = 第一行看起来是数据：此文件没有表头吗？
question-currency = 金额是什么币种？
question-either-why = “{ $example }”有两种读法，文件中没有一行能够确定。
question-zone-why = 文件及其格式都没有说明。
question-fee-sign-why = { $n ->
   *[other] 文件没有说明，也没有净额可以看出。涉及 { $shown } 行。
  }
question-type-why = { $n ->
   *[other] { $shown } 行属于此类型。在您回答之前，其金额照常计入，但不与任何订单比较。
  }
question-status-why = { $n ->
   *[other] { $shown } 行是此状态。在您回答之前，按已付款处理。
  }
question-currency-why = { $n ->
   *[other] 没有一列说明币种，在您说明之前，{ $shown } 行会被跳过。
  }
question-taken = 暂按此读取
question-header-yes = 是，下面的列是正确的
question-more = 其他…
question-zone-other = 其他时区
question-currency-other = 其他币种
question-other-other = 您的回答
question-use = 采用
question-currency-bad = “{ $currency }”不是币种代码。请填写三个字母，例如 USD。
answer-date-dmy = 日在前
answer-date-mdy = 月在前
answer-numbers-point = 小数点，如 1,234.50
answer-numbers-comma = 小数逗号，如 1.234,50
answer-fee-charged = 向我收取的
answer-fee-paid = 付给我的

## 提示
warning-shared-order-ids = 有 { $value } 个订单号也在另一个文件中
warning-order-numbers-in-another-field = 没有订单的行在另一个字段中有订单号：{ $value }
warning-price-of-one-piece = 金额可能是单价：{ $value } 个订单
warning-period = 这些行与订单不在同一时期：{ $value }
warning-difference-of-clocks = 两个文件的时间相差 { $value }
warning-damaged-id = “{ $column }”中的编号被电子表格损坏，例如 { $value }
warning-damaged-text = 部分文字已损坏
warning-hidden-characters = 已从编号中去除不可见字符
warning-leading-zeros = “{ $column }”可能丢失了前导零
warning-number-format = “{ $column }”中的数字有两种写法
warning-date-format = “{ $column }”中的日期有两种写法
warning-rows = 文件只有表头，没有数据行
warning-printed-totals = 文件末尾缺少合计
