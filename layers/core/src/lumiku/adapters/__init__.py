"""The Protocols of the services over DynamoDB, S3, SQS and Cognito."""
