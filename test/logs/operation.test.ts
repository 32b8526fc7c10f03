import { expect, test } from 'bun:test'
import { describeOperation } from '../../src/logs/operation.ts'

const CLASSES = {
  read: 'REST.GET.OBJECT REST.HEAD.OBJECT REST.HEAD.BUCKET WEBSITE.GET.OBJECT REST.GET.ATTRIBUTES REST.S3_HEAD_OBJECT get_obj GetObject stat_bucket',
  write:
    'REST.PUT.OBJECT REST.PUT.PART REST.POST.OBJECT REST.POST.UPLOADS REST.POST.UPLOAD SOAP.PUT.OBJECT REST.S3_UPLOAD_PART put_obj PutObject CreateMultipartUpload init_multipart complete_multipart',
  list: 'REST.GET.BUCKET REST.GET.BUCKETVERSIONS REST.GET.UPLOADS REST.GET.UPLOAD REST.GET.SERVICE REST.S3_LIST_OBJECTS_V2 list_bucket ListObjectsV2',
  delete:
    'REST.DELETE.OBJECT REST.DELETE.BUCKET REST.DELETE.UPLOAD REST.POST.MULTI_OBJECT_DELETE REST.POST.DELETE_MULTI_OBJECT BATCH.DELETE.OBJECT REST.S3_DELETE_OBJECTS multi_object_delete abort_multipart',
  copy: 'REST.COPY.OBJECT REST.COPY.OBJECT_GET REST.COPY.PART REST.COPY.PART_GET copy_obj CopyObject UploadPartCopy',
  config:
    'REST.GET.ACL REST.PUT.ACL REST.GET.BUCKETPOLICY REST.DELETE.BUCKETPOLICY REST.GET.LIFECYCLE REST.GET.LOGGING_STATUS REST.GET.LOCATION REST.GET.VERSIONING REST.PUT.VERSIONING REST.GET.TAGGING REST.PUT.OBJECT_TAGGING REST.GET.NOTIFICATION REST.GET.ENCRYPTION REST.GET.CORS REST.PUT.LEGAL_HOLD REST.PUT.BUCKET REST.GET.POLICY_STATUS REST.GET.OBJECT_LOCK_CONFIGURATION REST.GET.WEBSITE get_acls GetBucketPolicy',
  lifecycle:
    'S3.EXPIRE.OBJECT S3.TRANSITION.OBJECT S3.TRANSITION_GIR.OBJECT S3.CREATE.DELETEMARKER S3.DELETE.UPLOAD S3.RESTORE.OBJECT',
  other: 'REST.OPTIONS.PREFLIGHT WHATEVER',
}

for (const [operation_class, names] of Object.entries(CLASSES)) {
  test(`operations of class ${operation_class} are known`, () => {
    const found = names.split(' ').map((name) => `${name} ${describeOperation(name).class}`)
    expect(found).toEqual(names.split(' ').map((name) => `${name} ${operation_class}`))
  })
}

test('batch rows, copy sources and lifecycle rows are no requests', () => {
  const all = Object.values(CLASSES).flatMap((names) => names.split(' '))
  expect(all.filter((name) => !describeOperation(name).is_request)).toEqual([
    'BATCH.DELETE.OBJECT',
    'REST.COPY.OBJECT_GET',
    'REST.COPY.PART_GET',
    ...CLASSES.lifecycle.split(' '),
  ])
})

test('only what carries an object counts as an upload: completing one would count its bytes twice', () => {
  const all = Object.values(CLASSES).flatMap((names) => names.split(' '))
  expect(all.filter((name) => describeOperation(name).is_upload)).toEqual(
    'REST.PUT.OBJECT REST.PUT.PART REST.POST.OBJECT SOAP.PUT.OBJECT REST.S3_UPLOAD_PART put_obj PutObject'.split(
      ' ',
    ),
  )
})
