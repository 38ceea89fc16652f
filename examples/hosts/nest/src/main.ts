import 'reflect-metadata';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { nodeListener } from '@sallyport/http-api/node';
import { ACCOUNTS, type Accounts, AccountsModule } from './accounts.module.js';
import { ReportsController } from './reports.controller.js';

@Module({ imports: [AccountsModule], controllers: [ReportsController] })
class AppModule {}

const app = await NestFactory.create(AppModule, { logger: ['warn', 'error'] });
app.enableShutdownHooks([], { useProcessExit: true });
app.use('/accounts', nodeListener(app.get<Accounts>(ACCOUNTS).api));
await app.listen(process.env['PORT'] ?? 3000);
