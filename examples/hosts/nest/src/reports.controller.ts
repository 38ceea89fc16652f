import { Controller, Get, Req, UseGuards } from '@nestjs/common';
import { memberOf } from '@sallyport/http-api/node';
import type { Request } from 'express';
import { Admit } from './accounts.guard.js';

@Controller()
export class ReportsController {
  @Get('reports')
  @UseGuards(Admit('member'))
  reports(@Req() request: Request): { for: string } {
    return { for: memberOf(request).user.name };
  }

  @Get('admin/reports')
  @UseGuards(Admit('admin'))
  adminReports(@Req() request: Request): { for: string } {
    return { for: memberOf(request).user.name };
  }
}
