export { type HtmlReportOptions, htmlReport } from './html/html-report.ts'
