"""The 志愿服务信息管理平台: devices deliver events here, people read ledgers here."""
